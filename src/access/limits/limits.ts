/** How much anyone may ask of the service. Each is set by the environment variable that `LIMITS` names; figures stand in the README. */
export interface Limits {
  /** Requests a minute with one token or session. */
  readonly tokenRequests: number;
  /** Requests a minute from one address without a valid token. */
  readonly addressRequests: number;
  /** Wrong tokens a minute from one address, after which even the next wrong ones are told to wait. */
  readonly failedLogins: number;
  /** Streams open at the same time with one token, or from one address without one. */
  readonly streams: number;
  /** Bytes of a body, and of one that holds a document or many statements. */
  readonly bodyBytes: number;
  readonly largeBodyBytes: number;
  /** Statements of one batch. */
  readonly batch: number;
  /** Seconds within which a request must have been sent; a stream of lines may pause no longer. */
  readonly requestSeconds: number;
}

/** The injection token of the limits. */
export const LIMITS_IN_FORCE = Symbol('limits');

interface Bounds {
  readonly variable: string;
  readonly usual: number;
  readonly least: number;
  readonly most: number;
}

const MOST_REQUESTS = 1_000_000_000;

export const LIMITS: Readonly<Record<keyof Limits, Bounds>> = {
  tokenRequests: {
    variable: 'STANDPOINT_LIMIT_TOKEN_REQUESTS',
    usual: 1_200_000,
    least: 1,
    most: MOST_REQUESTS,
  },
  addressRequests: {
    variable: 'STANDPOINT_LIMIT_ADDRESS_REQUESTS',
    usual: 60_000,
    least: 1,
    most: MOST_REQUESTS,
  },
  failedLogins: { variable: 'STANDPOINT_LIMIT_FAILED_LOGINS', usual: 6_000, least: 1, most: MOST_REQUESTS },
  streams: { variable: 'STANDPOINT_LIMIT_STREAMS', usual: 1_000, least: 1, most: 100_000 },
  bodyBytes: { variable: 'STANDPOINT_LIMIT_BODY_BYTES', usual: 1_048_576, least: 1_024, most: 268_435_456 },
  largeBodyBytes: {
    variable: 'STANDPOINT_LIMIT_LARGE_BODY_BYTES',
    usual: 33_554_432,
    least: 1_024,
    most: 268_435_456,
  },
  batch: { variable: 'STANDPOINT_LIMIT_BATCH', usual: 1_000, least: 1, most: 1_000 },
  requestSeconds: { variable: 'STANDPOINT_LIMIT_REQUEST_SECONDS', usual: 60, least: 1, most: 3_600 },
};
