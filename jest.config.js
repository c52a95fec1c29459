/** Pulumi runs CommonJS, so the tests do too; packages that ship only ES modules are transformed. */
const esModulesOnly = [
  "listr2",
  "get-port",
  "eventemitter3",
  "@kubernetes/client-node",
  "jose",
  "openid-client",
  "oauth4webapi",
];

const shared = {
  testEnvironment: "node",
  transform: {
    "^.+\\.(t|j|mj)s$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModulesOnly.join("|")})/)`],
  moduleFileExtensions: ["ts", "js", "mjs", "json", "node"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.local/"],
};

module.exports = {
  // Far above what any test needs: no result depends on how busy a machine is.
  testTimeout: 120_000,
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/e2e/"],
    },
    { ...shared, displayName: "e2e", testMatch: ["<rootDir>/test/e2e/**/*.test.ts"] },
  ],
};
