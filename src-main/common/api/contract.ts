import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { annotation } from './annotation.ts';
import { datasets } from './datasets.ts';
import { evaluation } from './evaluation.ts';
import { methodProcedures, runs } from './runs.ts';
import * as schemas from './schemas.ts';
import { sessions } from './sessions.ts';
import { models, settingsProcedures, storageProcedures } from './settings.ts';

/**
 * Every call that a window can make to its host, over a message port (desktop) or a web socket (browser).
 * A call that fails throws an `ORPCError` whose `data` is an `ErrorReport`.
 *
 * Bytes, but for thumbnails, do not travel here but as assets of the same origin:
 *  - `GET /assets/images/<image id>`             the image as 8-bit sRGB PNG, oriented, full size
 *  - `GET /assets/images/<image id>?side=<N>`    the same, shrunk to fit N x N pixels
 *  - `GET /assets/images/<image id>?values`      the values of an image that has a `bitDepth`, as NPY (float32, C x H x W)
 *  - `GET /assets/maps/<map>`                    an anomaly map as NPY (float32, rows x columns)
 *  - `GET /assets/masks/<mask>`                  a mask as PNG, 0 or 255, of its image's size
 *  - `POST /assets/masks/<image id>?author=&base=`  saves a drawn mask, see `annotation`
 *  - `POST /assets/uploads/<drop>?path=<path>`   a file of a drop (a name of the page's choosing), with its path in it;
 *    answers `{ "path": "..." }`, the folder that holds the whole drop, for `datasets.import`; it is
 *    kept for as long as a dataset is made of it
 */
export const contract = {
  system: {
    /** The state now and at every change, until the caller stops listening. */
    watch: oc.output(eventIterator(schemas.status)),
    /** Pops up a native menu with what can be done with the file of an image. Nothing happens in a browser. */
    showImageMenu: oc.input(z.object({ image: z.int() })).output(z.void()),
    /** Opens the second window, which shows what the page publishes as `source`. A browser's page opens it by itself. */
    openDisplay: oc.input(z.object({ source: z.uuid() })).output(z.void()),
    /** Says which dataset the window shows, for the menu of recent ones. Nothing happens in a browser. */
    noteDataset: oc.input(z.object({ dataset: z.int() })).output(z.void()),
    /** What was written to the store, by whichever process or window: at most once a second. */
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
  annotation,
  settings: settingsProcedures,
  models,
  storage: storageProcedures,
};

export type Contract = typeof contract;
