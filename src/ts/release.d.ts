/** The version of the package, put in by the build. */
declare const KILAT_RELEASE: string;
