/**
 * Resource options of everything that holds data: it is neither deleted by mistake (`protect`) nor with its stack
 * (`retainOnDelete`), unless the caller gave up that safety with `forceDestroy`. Children inherit both, so a bucket
 * that outlives its stack keeps the settings that guard it.
 */
export function dataProtection(forceDestroy: boolean | undefined): {
  protect?: boolean;
  retainOnDelete?: boolean;
} {
  return forceDestroy === true ? {} : { protect: true, retainOnDelete: true };
}
