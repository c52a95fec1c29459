/** A daemon for the tests: MODE decides how it misbehaves. */
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");

const { MODE: mode, PORT: port = "0", CHILD_FILE: childFile } = process.env;
console.error(`starting as ${mode}`);

if (mode === "crash") {
  console.error("cannot read settings");
  process.exit(7);
}
if (mode === "stubborn") process.on("SIGTERM", () => console.error("not yet"));
if (mode === "parent") {
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  fs.writeFileSync(childFile, String(child.pid));
}
const server = http.createServer((_request, response) => {
  response.statusCode = mode === "sick" ? 500 : 200;
  response.end(String(process.pid));
});
server.listen(Number(port), "127.0.0.1", () => {
  if (mode === "announcing") console.log(server.address().port);
});
