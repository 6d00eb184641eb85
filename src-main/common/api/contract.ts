import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { annotation } from './annotation.ts';
import { audit } from './audit.ts';
import { datasets } from './datasets.ts';
import { evaluation } from './evaluation.ts';
import { outputs } from './outputs.ts';
import { recipes } from './recipes.ts';
import { regions } from './regions.ts';
import { rolls } from './rolls.ts';
import { scales } from './scale.ts';
import { methodProcedures, runs } from './runs.ts';
import * as schemas from './schemas.ts';
import { sessions } from './sessions.ts';
import { stations } from './station.ts';
import { models } from './models.ts';
import { settingsProcedures, storageProcedures } from './settings.ts';

/**
 * Every procedure that the page can call on its host, over a message port (desktop) or a web socket (browser).
 * A call that fails throws an `ORPCError` whose `data` is an `ErrorReport`.
 *
 * Binary data except thumbnails is served as assets of the same origin:
 *  - `GET /assets/images/<image id>`             the image as 8-bit sRGB PNG, oriented, full size
 *  - `GET /assets/images/<image id>?side=<N>`    the same, shrunk to fit N x N pixels
 *  - `GET /assets/images/<image id>?values`      the values of an image that has a `bitDepth`, as NPY (float32, C x H x W)
 *  - `GET /assets/images/<image id>/tiles/<level>/<x>/<y>`  a tile (`common/tiles.ts`) as 8-bit sRGB; those of level 0 are lossless
 *  - `GET /assets/images/<image id>/tiles/0/<x>/<y>?values`  the values of a tile, as above
 *  - `GET /assets/maps/<map>`                    an anomaly map as NPY (float32, rows x columns)
 *  - `GET /assets/maps/<map>/tiles/<level>/<x>/<y>`  a tile of a map as NPY; level n has the maximum of 2 x 2 of level n - 1
 *     A tile that the host still makes responds with status 202 and an `ErrorReport` of `NOT_YET`.
 *  - `GET /assets/masks/<mask>`                  a mask as PNG, 0 or 255, of its image's size
 *  - `POST /assets/masks/<image id>?author=&base=`  saves a drawn mask, see `annotation`
 * - `POST /assets/uploads/<upload>?path=<path>` uploads a file; the page chooses the name of the upload, and
 * `path` is the path inside it. Responds with `{ "path": "..." }`, the folder of the whole upload, for
 * `datasets.import`. The host keeps the files as long as a dataset refers to them.
 */
export const contract = {
  system: {
    /** Yields the current state, then every new state. */
    watch: oc.output(eventIterator(schemas.status)),
    /** Opens a native context menu for an image file. Does nothing in a browser. */
    showImageMenu: oc.input(z.object({ image: z.int() })).output(z.void()),
    /** Opens the second window, which shows what the page publishes as `source`. In a browser, the page opens it itself. */
    openDisplay: oc.input(z.object({ source: z.uuid() })).output(z.void()),
    /** Reports the dataset in the window, for the menu of recent datasets. Does nothing in a browser. */
    noteDataset: oc.input(z.object({ dataset: z.int() })).output(z.void()),
    /** Yields the topics that any process or window changed in the store, at most once per second. */
    changes: oc.output(eventIterator(z.object({ topics: z.array(schemas.storeTopic) }))),
  },
  methods: {
    options: oc.output(schemas.methodOptions),
    ...methodProcedures,
  },
  datasets,
  runs,
  evaluation,
  sessions,
  recipes,
  regions,
  rolls,
  scales,
  stations,
  annotation,
  settings: settingsProcedures,
  models,
  storage: storageProcedures,
  outputs,
  audit,
};

export type Contract = typeof contract;
