import { PerchError } from '../../common/api/errors.ts';
import type { EngineClient } from '../../engine/client/engine-client.ts';
import type { Store } from '../../store/store.ts';
import type { Services } from '../types.ts';
import { assessDefect } from './assess-defect.ts';
import { defectId } from './defect-id.ts';
import { makeCertificate } from './certificate/make-certificate.ts';
import { describeRoll, describeRolls } from './describe-roll.ts';
import { importRoll } from './import-roll.ts';
import { exportName } from './export-name.ts';
import { GradingRules } from './grading-rules.ts';
import { inspectRoll } from './inspect-roll.ts';
import { rollMapSvg } from './map/roll-map-svg.ts';
import { RollDefectLists } from './roll-defects.ts';
import { stateRoll } from './state-roll.ts';

/** The procedures for rolls. */
export function openRolls({
  store,
  engine,
  runs,
  settings,
}: {
  store: Store;
  engine: EngineClient;
  runs: Pick<Services['runs'], 'start'>;
  settings: Pick<Services['settings'], 'get'>;
}): Services['rolls'] {
  const rules = new GradingRules(store);
  const lists = new RollDefectLists(store, engine, rules);
  return {
    list({ dataset }) {
      if (dataset !== undefined) store.datasets.get(dataset);
      return { rolls: describeRolls(store, dataset) };
    },
    get({ image }) {
      const roll = describeRoll(store, image);
      const { name, file } = store.images.get(image);
      const frames = store.rolls.frames(image);
      const whole = { name, offset: 0, length: roll.lengthPixels, sha256: file.sha256 };
      return { roll, frames: frames.length > 0 ? frames : [whole] };
    },
    async *import(source, signal) {
      for await (const event of importRoll(source, { store, engine }, signal)) {
        if (event.type === 'imported') store.changes.emit('datasets');
        yield event;
      }
    },
    update({ image, ...stated }) {
      store.rolls.get(image);
      stateRoll(store, image, stated);
      return describeRoll(store, image);
    },
    remove({ image }) {
      store.rolls.get(image);
      store.rolls.remove(image);
    },
    inspect: (roll, signal) => inspectRoll({ store, runs }, roll, signal),
    defects: (wishes, signal) => lists.list(wishes, signal),
    assess: (assessment) => assessDefect(store, assessment),
    assessments({ image }) {
      store.rolls.get(image);
      const assessments = store.rollAssessments
        .list(image)
        .map(({ x, y, ...assessment }) => ({ ...assessment, defect: defectId({ x, y }) }));
      return { assessments };
    },
    rules: () => ({ rules: rules.list() }),
    addRule: ({ file, json }) => rules.add(file, json),
    removeRule: ({ name }) => rules.remove(name),
    async map({ units, ...wishes }, signal) {
      const list = await lists.list(wishes, signal);
      const content = rollMapSvg(list, units ?? (await settings.get(undefined, signal)).units);
      return { name: exportName(list.roll, 'map.svg'), mediaType: 'image/svg+xml', content };
    },
    async certificate({ format, operator, units, ...wishes }, signal) {
      if (format === 'pdf')
        throw new PerchError(
          'INVALID_ARGUMENT',
          'Only the desktop application writes PDF. Save the certificate as HTML, and print it in a browser.',
        );
      const list = await lists.list(wishes, signal);
      const set = await settings.get(undefined, signal);
      const stated = { operator: operator ?? set.operator, units: units ?? set.units };
      const content = await makeCertificate({ store, engine }, list, stated, signal);
      return { name: exportName(list.roll, 'certificate.html'), mediaType: 'text/html', content };
    },
  };
}
