import type { Result } from '../../../src-main/common/api/runs.ts';
import type { MapCache } from '../../image-cache/map-cache.ts';
import type { OutlineScope } from '../../image-cache/outline.ts';
import type { ViewerState } from '../../viewer/viewer-state.svelte.ts';
import type { Notices } from '../notices.svelte.ts';

/** What is outlined. */
export interface Outlined {
  result: Result | undefined;
  threshold: number | undefined;
  scope: OutlineScope;
}

export interface OutlineDeps {
  maps: MapCache;
  notices: Notices;
  viewer: ViewerState;
}
