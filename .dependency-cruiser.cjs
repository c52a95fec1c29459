/** The arrows of the house: stacks -> components -> lambda bundles; nothing points back. */
const only = (room, allowed, comment) => ({
  name: `${room}-imports-only-${allowed.join("-or-") || "itself"}`,
  severity: "error",
  comment,
  from: { path: `^${room}/` },
  to: {
    path: "^(components|stacks|lambdas|policies|local|test|bench)/",
    pathNot: `^(${[room, ...allowed].join("|")})/`,
  },
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    only("components", [], "Components know only themselves; Lambda bundles are reached by path."),
    only("stacks", ["components"], "Stacks compose components."),
    only(
      "lambdas",
      ["components/contracts"],
      "A Lambda is bundled alone, with the plain types of the contracts.",
    ),
    only("policies", [], "A policy pack is used from other repositories."),
    only(
      "local",
      ["stacks", "components", "lambdas", "policies"],
      "The sandbox runs the program; the program never knows the sandbox.",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    exclude: { path: "(^|/)dist/" },
  },
};
