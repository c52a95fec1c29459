const { TestEnvironment } = require("jest-environment-node");

/** What a call that is still under way hears when the engine ends an `up` that was refused. */
const engineEnded = "Resource monitor is terminating";

/**
 * For tests that run a program in jest's own process and let the engine refuse it. The program's remaining calls then fail
 * after the answer is there; Pulumi's own process would have ended with it, and jest would blame a test.
 */
module.exports = class EngineEnvironment extends TestEnvironment {
  handleTestEvent(event, state) {
    if (event.name !== "error" || !String(event.error?.message).includes(engineEnded)) return;
    state.unhandledRejectionErrorByPromiseTarget.get(event.promise)?.delete(event.promise);
  }
};
