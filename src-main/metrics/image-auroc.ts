/**
 * Image-level AUROC: the probability that an anomalous image scores higher than a normal one, where a tie counts one half.
 * Null unless there are images of both kinds.
 */
export function imageAuroc(images: readonly { score: number; anomalous: boolean }[]): number | null {
  const sorted = [...images].sort((a, b) => a.score - b.score);
  let [normal, anomalous, pairs] = [0, 0, 0];
  for (let i = 0; i < sorted.length;) {
    const { score } = sorted[i];
    let [tiedNormal, tiedAnomalous] = [0, 0];
    for (; i < sorted.length && sorted[i].score === score; i++) {
      if (sorted[i].anomalous) tiedAnomalous++;
      else tiedNormal++;
    }
    pairs += tiedAnomalous * (normal + tiedNormal / 2);
    normal += tiedNormal;
    anomalous += tiedAnomalous;
  }
  return normal > 0 && anomalous > 0 ? pairs / normal / anomalous : null;
}
