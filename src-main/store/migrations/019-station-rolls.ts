import type { Migration } from './migration.ts';

const ENTRY = `INSERT INTO audit_entries (at, actor, subject_type, subject_id, subject_name, action, before, after) VALUES (
    strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), actor(NULL, (SELECT value FROM settings WHERE name = 'operator')), 'station', NEW.id, NEW.name,
    'changed',`;

/** The pieces of a station may be frames of rolls. A piece gets its place along its roll when it is settled. */
export const stationRolls: Migration = `
ALTER TABLE stations ADD COLUMN roll_direction TEXT CHECK (roll_direction IN ('down', 'right'));  -- null: no rolls
ALTER TABLE pieces ADD COLUMN roll TEXT;                -- folder of the roll, relative to the station's folder
ALTER TABLE pieces ADD COLUMN frame INTEGER;            -- from 1 in each roll
ALTER TABLE pieces ADD COLUMN frame_offset INTEGER;     -- pixels along the roll
ALTER TABLE pieces ADD COLUMN frame_length INTEGER;
ALTER TABLE pieces ADD COLUMN frame_width INTEGER;
ALTER TABLE pieces ADD COLUMN frame_assumed INTEGER;    -- 1 if it was not read and has the size of the frame before it
CREATE INDEX pieces_by_roll ON pieces (station_id, roll, frame) WHERE roll IS NOT NULL;

CREATE TRIGGER audit_station_rolls_added AFTER INSERT ON stations WHEN NEW.roll_direction IS NOT NULL BEGIN
  ${ENTRY} NULL, json_object('rollDirection', NEW.roll_direction));
END;
CREATE TRIGGER audit_station_rolls_changed AFTER UPDATE ON stations WHEN OLD.roll_direction IS NOT NEW.roll_direction BEGIN
  ${ENTRY} json_object('rollDirection', OLD.roll_direction), json_object('rollDirection', NEW.roll_direction));
END;
`;
