/** The active threshold of a class for a method. */
export interface ActiveThreshold {
  score: number;
  /** Whether it is suggested and not set by an operator. */
  suggested: boolean;
}
