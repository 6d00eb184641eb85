/** The threshold of a class by a method that is in force. */
export interface ActiveThreshold {
  score: number;
  /** Whether it is only proposed: nobody has set one. */
  proposed: boolean;
}
