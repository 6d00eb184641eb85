import type { Migration } from './migration.ts';

/**
 * Outputs send messages about the pieces of a station. Undelivered messages are in the outbox, in order. Secrets are in a file of
 * their own.
 */
export const outputs: Migration = `
CREATE TABLE outputs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  station_id INTEGER NOT NULL REFERENCES stations ON DELETE CASCADE,
  target TEXT NOT NULL CHECK (json_valid(target)),    -- canonical JSON
  secret_at TEXT,                         -- when its secret was stored; null if it has none
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  pending INTEGER NOT NULL DEFAULT 0 CHECK (pending >= 0),         -- its rows in the outbox
  refused INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0,
  delivered_at TEXT,
  error TEXT CHECK (error IS NULL OR json_valid(error)),           -- of the last attempt; null if it succeeded
  error_at TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,    -- failed ones since the last delivery
  next_attempt_at_ms INTEGER,             -- ms since 1970
  lease_owner TEXT,                       -- the process that delivers, null if none does
  lease_expires_at_ms INTEGER,
  created_at TEXT NOT NULL,
  UNIQUE (station_id, target),
  CHECK ((error IS NULL) = (error_at IS NULL))
) STRICT;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  output_id INTEGER NOT NULL REFERENCES outputs ON DELETE CASCADE,
  message_id TEXT NOT NULL,
  message TEXT NOT NULL,                  -- JSON
  created_at TEXT NOT NULL,
  UNIQUE (output_id, message_id)
) STRICT;
CREATE INDEX outbox_in_order ON outbox (output_id, id);
`;
