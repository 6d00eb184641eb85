import { AnnotationStore, setAnnotation } from '../annotation/annotation-store.svelte.ts';
import { Drafts } from '../annotation/drafts.ts';
import { AuditLog, setAuditLog } from '../state/audit/audit-log.svelte.ts';
import { Connection, setConnection } from '../api/connection.svelte.ts';
import { SecondWindow } from '../state/second-window/second-window.ts';
import { BitmapCache, setBitmaps } from '../image-cache/bitmap-cache.ts';
import { CropCache, setCrops } from '../image-cache/crop-cache.ts';
import { MapCache, setMaps } from '../image-cache/map-cache.ts';
import { MaskCache, setMasks } from '../image-cache/mask-cache.ts';
import { PixelValueCache, setPixelValues } from '../image-cache/pixel-value-cache.ts';
import { RenderWorker } from '../image-cache/render-worker.ts';
import { setTiles, TileCache } from '../image-cache/tile-cache.ts';
import { setThumbnails, ThumbnailCache } from '../image-cache/thumbnail-cache.svelte.ts';
import { MaskWorker } from '../mask/mask-worker.ts';
import { DatasetStore, setDatasets } from '../state/datasets/dataset-store.svelte.ts';
import { Importer, setImporter } from '../state/datasets/importer.svelte.ts';
import { HostStatus, setHostStatus } from '../state/host-status.svelte.ts';
import { ImageSelection, setSelection } from '../state/images/image-selection.svelte.ts';
import { MethodStore, setMethods } from '../state/methods/method-store.svelte.ts';
import { Dialogs, setDialogs } from '../state/navigation/dialogs.svelte.ts';
import { Router, setRouter } from '../state/navigation/router.svelte.ts';
import { Notices, setNotices } from '../state/notices.svelte.ts';
import { RegionEditor, setRegionEditor } from '../state/recipes/region-editor.svelte.ts';
import { RegionStore, setRegions } from '../state/recipes/region-store.svelte.ts';
import { ClassScoresStore, setScores } from '../state/results/class-scores.svelte.ts';
import { DisagreementStore, setDisagreement } from '../state/results/disagreement-store.svelte.ts';
import { MethodComparison, setComparison } from '../state/results/method-comparison.svelte.ts';
import { ResultStore, setResults } from '../state/results/result-store.svelte.ts';
import { setThresholds, ThresholdStore } from '../state/results/threshold-store.svelte.ts';
import { Calibration, setCalibration } from '../state/recipes/calibration.svelte.ts';
import { DecisionStore, setDecisions } from '../state/recipes/decision-store.svelte.ts';
import { imageScore } from '../state/recipes/image-score.ts';
import { thresholdDistance } from '../state/recipes/threshold-distance.ts';
import { MarkStore, setMarks } from '../state/recipes/mark-store.svelte.ts';
import { RecipeStore, setRecipes } from '../state/recipes/recipe-store.svelte.ts';
import { ReviewStore, setReviews } from '../state/reviews/review-store.svelte.ts';
import { setVerdicts, VerdictStore } from '../state/reviews/verdict-store.svelte.ts';
import { OpenRoll, setOpenRoll } from '../state/rolls/open-roll.svelte.ts';
import { RollImport, setRollImport } from '../state/rolls/roll-import.svelte.ts';
import { RollStore, setRolls } from '../state/rolls/roll-store.svelte.ts';
import { ClassRun, setClassRun } from '../state/runs/class-run.svelte.ts';
import { RunStore, setRuns } from '../state/runs/run-store.svelte.ts';
import { Ruler, setRuler } from '../state/scales/ruler.svelte.ts';
import { ScaleStore, setScales } from '../state/scales/scale-store.svelte.ts';
import { AlarmSound, setAlarmSound } from '../state/station/alarm-sound.svelte.ts';
import { OutputStore, setOutputs } from '../state/station/output-store.svelte.ts';
import { OpenStation, setOpenStation } from '../state/station/open-station.svelte.ts';
import { RollSoFar, setRollSoFar } from '../state/station/roll-so-far.svelte.ts';
import { setStations, StationStore } from '../state/station/station-store.svelte.ts';
import { setSettings, SettingsStore } from '../state/settings/settings-store.svelte.ts';
import { setSignature, Signature } from '../state/settings/signature.svelte.ts';
import { ActiveImageSlot, setActiveImageSlot } from '../state/view/active-image.svelte.ts';
import { setViewer, ViewerState } from '../viewer/viewer-state.svelte.ts';

/**
 * All stores of a window. A component imports the context of each store that it uses. Keyboard actions get
 * all of them.
 */
export type Stores = ReturnType<typeof createStores>;

/** Creates the stores of a window and connects them to each other. */
export function createStores() {
  const notices = new Notices();
  const connection = new Connection();
  const { client } = connection;

  const renderWorker = new RenderWorker();
  const bitmaps = new BitmapCache();
  const crops = new CropCache(bitmaps);
  const pixelValues = new PixelValueCache();
  const maps = new MapCache(renderWorker);
  const masks = new MaskCache(renderWorker);
  const tiles = new TileCache(renderWorker);
  const thumbnails = new ThumbnailCache(client.datasets);

  const host = new HostStatus(client, notices);
  const settings = new SettingsStore(client, notices);
  const dialogs = new Dialogs();
  const viewer = new ViewerState();
  const activeImage = new ActiveImageSlot();

  const datasets = new DatasetStore(client, notices, () => {
    selection.reset();
    regionEditor.reset();
  });
  const methods = new MethodStore(client, notices);
  const results = new ResultStore(client, notices, () =>
    datasets.blinding?.heatmaps === true ? datasets.isHidden : undefined,
  );
  const verdicts = new VerdictStore(client, notices);
  const disagreement = new DisagreementStore(client, notices);
  const thresholds = new ThresholdStore(client, notices);
  const signature = new Signature(settings);
  const recipes = new RecipeStore(client, notices, signature);
  const decisions = new DecisionStore(client, notices, () => datasets.isHidden);
  const marks = new MarkStore(client, notices, signature, (image) => datasets.isHidden?.(image) === true);
  const regions = new RegionStore(client, notices, () => results.open(datasets.current?.id));
  const scales = new ScaleStore(client, notices);
  const ruler = new Ruler();
  const regionEditor = new RegionEditor(regions);
  const selection: ImageSelection = new ImageSelection(datasets, {
    score: ({ id }) =>
      datasets.isHidden?.(id) === true
        ? undefined
        : imageScore(results.get(id, methods.selectedId), decisions.of(id)),
    verdict: ({ id }) => reviews.verdictOf(id)?.verdict,
    disagreement: ({ id }) => (datasets.isHidden?.(id) === true ? undefined : disagreement.byImage.get(id)),
    decision: ({ id }) => decisions.of(id)?.decision ?? undefined,
    distance: ({ id }) => thresholdDistance(decisions.of(id), recipes.byId),
  });
  const router = new Router(datasets, selection, methods);
  const reviews: ReviewStore = new ReviewStore(client, {
    datasets,
    selection,
    verdicts,
    router,
    notices,
    settings,
  });
  const scores = new ClassScoresStore(
    datasets,
    results,
    thresholds,
    () => methods.selectedId,
    (textureClass, ofClass) => {
      const recipe = recipes.ofClass(datasets.selectedId, textureClass);
      const decidesMethod = ofClass.some(({ image, map }) => decisions.of(image)?.map === map);
      return decidesMethod ? recipe?.latest.definition.thresholds?.review : undefined;
    },
  );
  const comparison = new MethodComparison(client, methods);
  const runs = new RunStore(
    client,
    notices,
    (result) => {
      results.upsert(result);
      if (!datasets.byId.has(result.image)) return;
      methods.recordUse(result.method);
      decisions.reloadSoon();
    },
    () => void methods.open(datasets.current?.id),
  );
  const classRun = new ClassRun({ datasets, methods, notices, runs, selection, settings });
  const calibration = new Calibration(client, {
    datasets,
    methods,
    notices,
    recipes,
    runs,
    selection,
    settings,
  });
  const rolls = new RollStore(client, notices);
  const openRoll = new OpenRoll(client, { methods, notices, rolls, selection, settings, signature });
  const rollImport = new RollImport(client, datasets, notices);
  const openStation = new OpenStation({ client, bitmaps, maps, notices, signature });
  const rollSoFar = new RollSoFar(client, () => openRoll.rule);
  const stations = new StationStore(client, notices, router, (piece) => {
    openStation.take(piece);
    rollSoFar.take(piece);
  });
  const alarmSound = new AlarmSound();
  const outputs = new OutputStore(client);
  const audit = new AuditLog(client);
  const importer = new Importer(client, datasets);
  const annotation = new AnnotationStore({
    client,
    worker: new MaskWorker(),
    author: () => settings.values.operator,
    dataset: () => datasets.selectedId,
    drafts: new Drafts(),
  });
  const secondWindow = new SecondWindow(client, notices);

  return {
    activeImage,
    alarmSound,
    annotation,
    audit,
    bitmaps,
    calibration,
    classRun,
    comparison,
    connection,
    crops,
    datasets,
    decisions,
    dialogs,
    disagreement,
    host,
    importer,
    maps,
    marks,
    masks,
    methods,
    notices,
    openRoll,
    openStation,
    outputs,
    pixelValues,
    recipes,
    regionEditor,
    regions,
    results,
    reviews,
    rollImport,
    rolls,
    rollSoFar,
    router,
    ruler,
    runs,
    scales,
    scores,
    secondWindow,
    selection,
    settings,
    signature,
    stations,
    thresholds,
    thumbnails,
    tiles,
    verdicts,
    viewer,
  };
}

/** Provides each store to the components below the calling one. */
export function provideStores(stores: Stores): void {
  setActiveImageSlot(stores.activeImage);
  setAlarmSound(stores.alarmSound);
  setAnnotation(stores.annotation);
  setAuditLog(stores.audit);
  setBitmaps(stores.bitmaps);
  setCalibration(stores.calibration);
  setClassRun(stores.classRun);
  setComparison(stores.comparison);
  setConnection(stores.connection);
  setCrops(stores.crops);
  setDatasets(stores.datasets);
  setDecisions(stores.decisions);
  setDialogs(stores.dialogs);
  setDisagreement(stores.disagreement);
  setHostStatus(stores.host);
  setImporter(stores.importer);
  setMaps(stores.maps);
  setMarks(stores.marks);
  setMasks(stores.masks);
  setMethods(stores.methods);
  setNotices(stores.notices);
  setOpenRoll(stores.openRoll);
  setOpenStation(stores.openStation);
  setOutputs(stores.outputs);
  setPixelValues(stores.pixelValues);
  setRecipes(stores.recipes);
  setRegionEditor(stores.regionEditor);
  setRegions(stores.regions);
  setResults(stores.results);
  setReviews(stores.reviews);
  setRollImport(stores.rollImport);
  setRolls(stores.rolls);
  setRouter(stores.router);
  setRuler(stores.ruler);
  setRuns(stores.runs);
  setScales(stores.scales);
  setScores(stores.scores);
  setSelection(stores.selection);
  setSettings(stores.settings);
  setSignature(stores.signature);
  setRollSoFar(stores.rollSoFar);
  setStations(stores.stations);
  setThresholds(stores.thresholds);
  setThumbnails(stores.thumbnails);
  setTiles(stores.tiles);
  setVerdicts(stores.verdicts);
  setViewer(stores.viewer);
}
