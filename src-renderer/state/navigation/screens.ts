/** A screen of the navigation rail. */
export interface ScreenInfo {
  /** Its name in the window's address. */
  path: string;
  title: string;
  /** The key that opens it. */
  key: string;
  /** Whether it shows the active image. */
  showsImage: boolean;
  /** Whether a blind review hides it, because it shows names, scores or ground truth of all images. */
  hiddenInBlindReview?: true;
}

/** All screens in the order of the rail; the last one is at its end. */
export const screenList = [
  { path: 'library', title: 'Library', key: '1', showsImage: false },
  { path: 'inspect', title: 'Inspect', key: '2', showsImage: true },
  { path: 'annotate', title: 'Annotate', key: '3', showsImage: true },
  { path: 'runs', title: 'Runs', key: '4', showsImage: false, hiddenInBlindReview: true },
  { path: 'compare', title: 'Compare', key: '5', showsImage: true, hiddenInBlindReview: true },
  { path: 'recipe', title: 'Recipe', key: '6', showsImage: false, hiddenInBlindReview: true },
  { path: 'roll', title: 'Roll', key: '7', showsImage: true, hiddenInBlindReview: true },
  { path: 'station', title: 'Station', key: '8', showsImage: false, hiddenInBlindReview: true },
  { path: 'settings', title: 'Settings', key: '9', showsImage: false },
] as const satisfies readonly ScreenInfo[];
