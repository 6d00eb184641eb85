/** A trigger that adds an entry. All fields except `event`, `type` and `action` are SQL expressions. */
export interface Trigger {
  event: string;
  when?: string;
  type: string;
  id: string;
  name: string;
  /** The person whom the row names. */
  person?: string;
  action: string;
  before?: string;
  after?: string;
}

/** Triggers for rows that are added, changed and removed. `values` has the columns by name in the entry. */
function wholeRows(
  table: string,
  values: Record<string, string>,
  {
    person,
    exists = '1',
    ...subject
  }: { type: string; id: string; name: string; person?: string; exists?: string },
): Trigger[] {
  const of = (row: string, sql: string) => sql.replaceAll('ROW.', `${row}.`);
  const json = (row: string) =>
    `json_object(${Object.entries(values)
      .map(([key, sql]) => `'${key}', ${of(row, sql)}`)
      .join(', ')})`;
  const changed = Object.values(values)
    .map((sql) => `${of('OLD', sql)} IS NOT ${of('NEW', sql)}`)
    .join(' OR ');
  const about = (row: string) => ({
    type: subject.type,
    id: of(row, subject.id),
    name: of(row, subject.name),
  });
  const named = person === undefined ? {} : { person: of('NEW', person) };
  return [
    { event: `AFTER INSERT ON ${table}`, ...about('NEW'), ...named, action: "'added'", after: json('NEW') },
    {
      event: `AFTER UPDATE ON ${table}`,
      when: changed,
      ...about('NEW'),
      ...named,
      action: "'changed'",
      before: json('OLD'),
      after: json('NEW'),
    },
    // The entry of a removed dataset or image covers its rows.
    {
      event: `AFTER DELETE ON ${table}`,
      when: of('OLD', exists),
      ...about('OLD'),
      action: "'removed'",
      before: json('OLD'),
    },
  ];
}

const datasetName = '(SELECT name FROM datasets WHERE id = ROW.dataset_id)';
const ofClass = {
  id: "ROW.dataset_id || '/' || ROW.texture_class",
  name: `ROW.texture_class || coalesce(' of ' || ${datasetName}, '')`,
  exists: 'EXISTS (SELECT 1 FROM datasets WHERE id = ROW.dataset_id)',
};
const imageOf = (row: string) => ({
  id: `${row}.image_id`,
  name: `(SELECT i.name || ' of ' || d.name FROM images AS i JOIN datasets AS d ON d.id = i.dataset_id WHERE i.id = ${row}.image_id)`,
});
const ofImage = {
  ...imageOf('ROW'),
  exists: 'EXISTS (SELECT 1 FROM images WHERE id = ROW.image_id)',
};

const classRows: Trigger[] = [
  ...wholeRows(
    'thresholds',
    { method: '(SELECT label FROM methods WHERE id = ROW.method_id)', score: 'ROW.score' },
    { type: 'threshold', ...ofClass, id: `${ofClass.id} || '/' || ROW.method_id` },
  ),
  ...wholeRows(
    'class_regions',
    { region: 'json(ROW.region)' },
    { type: 'region', ...ofClass, person: 'ROW.author' },
  ),
  ...wholeRows(
    'class_scales',
    { mmAcross: 'ROW.mm_across', mmAlong: 'ROW.mm_along', source: 'ROW.source' },
    { type: 'scale', ...ofClass, person: 'ROW.author' },
  ),
  ...wholeRows(
    'class_recipes',
    { recipe: 'ROW.recipe_id', recipeName: '(SELECT name FROM recipes WHERE id = ROW.recipe_id)' },
    { type: 'assignment', ...ofClass },
  ),
];

const imageRows: Trigger[] = [
  ...wholeRows(
    'calibration_marks',
    { author: 'ROW.author' },
    { type: 'calibration-mark', ...ofImage, person: 'ROW.author' },
  ),
  ...wholeRows(
    'rolls',
    {
      article: 'ROW.article',
      lot: 'ROW.lot',
      direction: 'ROW.direction',
      mmAcross: 'ROW.mm_across',
      mmAlong: 'ROW.mm_along',
    },
    { type: 'roll', ...ofImage },
  ),
  {
    event: 'AFTER INSERT ON roll_assessments',
    type: 'assessment',
    ...imageOf('NEW'),
    person: 'NEW.operator',
    action: "'added'",
    after: `json_object('x', NEW.x, 'y', NEW.y, 'verdict', NEW.verdict, 'kind', NEW.kind, 'points', NEW.points, 'reason', NEW.reason)`,
  },
];

const truth = (row: string) =>
  `json_object('revision', ${row}.revision, 'groundTruth', ${row}.ground_truth, 'mask', ${row}.mask, 'pixels', ${row}.pixels,
     'source', ${row}.source)`;
const said = (row: string) =>
  `json_object('session', ${row}.session_id, 'verdict', ${row}.verdict, 'defectType', ${row}.defect_type, 'note', ${row}.note)`;
const reviewer = '(SELECT operator FROM sessions WHERE id = NEW.session_id)';

const people: Trigger[] = [
  {
    // The ground truth that comes with a dataset belongs to the entry of its import.
    event: 'AFTER INSERT ON revisions',
    when: "NEW.author <> '' OR NEW.revision > 1",
    type: 'ground-truth',
    ...imageOf('NEW'),
    person: 'NEW.author',
    action: "'revised'",
    after: truth('NEW'),
    before: `(SELECT ${truth('r')} FROM revisions AS r WHERE image_id = NEW.image_id AND revision < NEW.revision
      ORDER BY revision DESC LIMIT 1)`,
  },
  {
    event: 'AFTER INSERT ON verdicts',
    type: 'verdict',
    ...imageOf('NEW'),
    person: reviewer,
    action: "'given'",
    after: said('NEW'),
    before: `(SELECT ${said('v')} FROM verdicts AS v WHERE session_id = NEW.session_id AND image_id = NEW.image_id AND id < NEW.id
      AND revoked = 0 ORDER BY id DESC LIMIT 1)`,
  },
  {
    event: 'AFTER UPDATE OF revoked ON verdicts',
    when: 'NEW.revoked > OLD.revoked',
    type: 'verdict',
    ...imageOf('NEW'),
    person: reviewer,
    action: "'revoked'",
    before: said('OLD'),
  },
  {
    event: 'AFTER INSERT ON sessions',
    type: 'session',
    id: 'NEW.id',
    person: 'NEW.operator',
    action: "'added'",
    name: "coalesce(nullif(NEW.name, ''), 'Review ' || NEW.id)",
    after: `json_object('operator', NEW.operator, 'dataset', (SELECT name FROM datasets WHERE id = NEW.dataset_id), 'filter', NEW.filter,
      'blind', NEW.blind, 'heatmapHidden', NEW.heatmap_hidden)`,
  },
  {
    event: 'AFTER UPDATE OF ended_at ON sessions',
    when: '(OLD.ended_at IS NULL) <> (NEW.ended_at IS NULL)',
    type: 'session',
    id: 'NEW.id',
    name: 'NEW.name',
    person: 'NEW.operator',
    action: "iif(NEW.ended_at IS NULL, 'reopened', 'finished')",
  },
  {
    // Before, because its verdicts are removed with it.
    event: 'BEFORE DELETE ON sessions',
    when: 'EXISTS (SELECT 1 FROM datasets WHERE id = OLD.dataset_id)',
    type: 'session',
    id: 'OLD.id',
    name: 'OLD.name',
    action: "'removed'",
    before: `json_object('operator', OLD.operator, 'verdicts',
      (SELECT count(*) FROM verdicts WHERE session_id = OLD.id AND revoked = 0))`,
  },
];

const revision = (row: string) =>
  `json_object('revision', ${row}.revision, 'author', ${row}.author, 'reason', ${row}.reason, 'changes', json(${row}.changes),
     'sha256', ${row}.sha256, 'definition', json(${row}.definition))`;

const recipeRows: Trigger[] = [
  {
    event: 'AFTER INSERT ON recipe_revisions',
    type: 'recipe',
    id: 'NEW.recipe_id',
    person: 'NEW.author',
    name: '(SELECT name FROM recipes WHERE id = NEW.recipe_id)',
    action: "iif(NEW.revision = 1, 'added', 'revised')",
    before: `(SELECT ${revision('r')} FROM recipe_revisions AS r WHERE recipe_id = NEW.recipe_id AND revision < NEW.revision
      ORDER BY revision DESC LIMIT 1)`,
    after: revision('NEW'),
  },
  {
    event: 'AFTER UPDATE OF name ON recipes',
    when: 'OLD.name <> NEW.name',
    type: 'recipe',
    id: 'NEW.id',
    name: 'NEW.name',
    action: "'renamed'",
    before: "json_object('name', OLD.name)",
    after: "json_object('name', NEW.name)",
  },
  {
    event: 'AFTER UPDATE OF locked_at ON recipes',
    when: 'OLD.locked_at IS NOT NEW.locked_at',
    type: 'recipe',
    id: 'NEW.id',
    name: 'NEW.name',
    person: 'NEW.locked_by',
    action: "iif(NEW.locked_at IS NULL, 'unlocked', 'locked')",
  },
  {
    event: 'BEFORE DELETE ON recipes',
    type: 'recipe',
    id: 'OLD.id',
    name: 'OLD.name',
    action: "'removed'",
    before: `(SELECT ${revision('r')} FROM recipe_revisions AS r WHERE recipe_id = OLD.id ORDER BY revision DESC LIMIT 1)`,
  },
];

/** Other programs may have written text that is not JSON. */
const settingValue = 'iif(json_valid(ROW.value), json(ROW.value), ROW.value)';
const formerOperator =
  "iif(NEW.name = 'operator' AND json_valid(OLD.value), json_extract(OLD.value, '$'), NULL)";

const storeRows: Trigger[] = [
  ...wholeRows(
    'settings',
    { value: settingValue },
    { type: 'setting', id: 'ROW.name', name: 'ROW.name' },
  ).map(
    // A new operator was named by the former one.
    (trigger) => (trigger.action === "'changed'" ? { ...trigger, person: formerOperator } : trigger),
  ),
  {
    event: 'AFTER INSERT ON datasets',
    type: 'dataset',
    id: 'NEW.id',
    name: 'NEW.name',
    action: "'added'",
    after: "json_object('root', NEW.root, 'layout', NEW.layout, 'ignoreBorder', NEW.ignore_border)",
  },
  {
    event: 'AFTER UPDATE OF name, root, ignore_border ON datasets',
    when: 'OLD.name <> NEW.name OR OLD.root <> NEW.root OR OLD.ignore_border <> NEW.ignore_border',
    type: 'dataset',
    id: 'NEW.id',
    name: 'NEW.name',
    action: "'changed'",
    before: "json_object('name', OLD.name, 'root', OLD.root, 'ignoreBorder', OLD.ignore_border)",
    after: "json_object('name', NEW.name, 'root', NEW.root, 'ignoreBorder', NEW.ignore_border)",
  },
  {
    // Before, because its classes are removed with it.
    event: 'BEFORE DELETE ON datasets',
    type: 'dataset',
    id: 'OLD.id',
    name: 'OLD.name',
    action: "'removed'",
    before: `json_object('root', OLD.root, 'images', (SELECT count(*) FROM images WHERE dataset_id = OLD.id),
      'thresholds', json((SELECT json_group_array(json_array(texture_class, method_id, score)) FROM thresholds WHERE dataset_id = OLD.id)),
      'regions', json((SELECT json_group_array(json_array(texture_class, json(region))) FROM class_regions WHERE dataset_id = OLD.id)),
      'scales', json((SELECT json_group_array(json_array(texture_class, mm_across, mm_along)) FROM class_scales WHERE dataset_id = OLD.id)),
      'recipes', json((SELECT json_group_array(json_array(texture_class, recipe_id)) FROM class_recipes WHERE dataset_id = OLD.id)),
      'sessions', (SELECT count(*) FROM sessions WHERE dataset_id = OLD.id))`,
  },
];

const stationRows: Trigger[] = [
  ...wholeRows(
    'stations',
    {
      name: 'ROW.name',
      folder: 'ROW.folder',
      textureClass: 'ROW.texture_class',
      recipe: 'ROW.recipe_id',
      polling: 'ROW.polling',
      shifts: 'json(ROW.shifts)',
      alarmAfter: 'ROW.alarm_after',
      keep: 'json(ROW.keep)',
    },
    { type: 'station', id: 'ROW.id', name: 'ROW.name' },
  ),
  {
    event: 'AFTER UPDATE OF watched ON stations',
    when: 'OLD.watched <> NEW.watched',
    type: 'station',
    id: 'NEW.id',
    name: 'NEW.name',
    action: "iif(NEW.watched, 'started', 'stopped')",
  },
  {
    event: 'AFTER UPDATE OF acknowledged_sequence ON stations',
    when: 'OLD.acknowledged_sequence <> NEW.acknowledged_sequence AND OLD.alarm IS NOT NULL',
    type: 'station',
    id: 'NEW.id',
    name: 'NEW.name',
    action: "'alarm acknowledged'",
    before: 'OLD.alarm',
  },
  ...wholeRows(
    'outputs',
    { target: 'json(ROW.target)', enabled: 'ROW.enabled', secretAt: 'ROW.secret_at' },
    {
      type: 'output',
      id: 'ROW.id',
      name: "(SELECT json_extract(ROW.target, '$.type') || ' of ' || name FROM stations WHERE id = ROW.station_id)",
      exists: 'EXISTS (SELECT 1 FROM stations WHERE id = ROW.station_id)',
    },
  ),
];

export const auditTriggers: readonly Trigger[] = [
  ...classRows,
  ...imageRows,
  ...people,
  ...recipeRows,
  ...storeRows,
  ...stationRows,
];
