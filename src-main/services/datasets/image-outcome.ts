import type { Problem } from '../../common/api/datasets.ts';
import type { FileState, StoredImage } from '../../store/images.ts';
import type { IngestedImage } from './ingest-image.ts';
import type { PlannedImage } from './layouts/layout.ts';

/** The outcome of a planned image: it is unchanged, was read, or cannot be read. */
export interface ImageOutcome {
  planned: PlannedImage;
  /** The stored images of its file; empty for a new file. */
  known: StoredImage[];
  ingested?: IngestedImage;
  /** The file with its new times, if its bytes are unchanged. */
  touched?: FileState;
  unreadable?: Problem;
}
