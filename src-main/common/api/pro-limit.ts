/** False positive rate up to which AUPRO integrates, unless a request says otherwise. */
export const DEFAULT_PRO_FPR_LIMIT = 0.3;
