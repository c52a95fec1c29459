import {
  localOptions,
  localPath,
  placesOf,
  splitWords,
  submitArguments,
  toLocal,
} from "../../../../local/gateway/emr-serverless/spark-submit";

it.each([
  ["", []],
  ["--conf a=b  --name x", ["--conf", "a=b", "--name", "x"]],
  [`--conf "spark.a=b c" --name 'd "e"'`, ["--conf", "spark.a=b c", "--name", 'd "e"']],
  [`--conf spark.a="b c"`, ["--conf", "spark.a=b c"]],
])("splits %j into words", (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

it("keeps the settings that change what a job does, and none that size a cluster", () => {
  const given = [
    "--conf spark.executor.memory=8g --conf spark.driver.cores=4 --conf spark.dynamicAllocation.maxExecutors=9",
    "--executor-memory 8g --num-executors 3 --driver-memory 8g",
    "--conf spark.sql.session.timeZone=UTC --py-files s3://code/a.py,s3://code/b.py",
  ].join(" ");
  expect(localOptions(given)).toEqual([
    ...["--conf", "spark.sql.session.timeZone=UTC"],
    ...["--py-files", "s3://code/a.py,s3://code/b.py"],
  ]);
});

it("finds every place that a job names, once, and of a pattern the folder where it starts", () => {
  const submit = {
    entryPoint: "s3://code/jobs/features.py",
    sparkSubmitParameters: "--py-files s3://code/a.py,s3://code/b.py",
    entryPointArguments: [
      "--curated",
      "s3://lake",
      '{"output": "s3a://lake/out/", "again": "s3://lake"}',
      "s3://lake/day=*/x",
    ],
  };
  expect(placesOf(submit)).toEqual([
    "s3://code/jobs/features.py",
    "s3://code/a.py",
    "s3://code/b.py",
    "s3://lake",
    "s3a://lake/out/",
    "s3://lake/",
  ]);
});

it.each([
  ["s3://lake/a/b.parquet", "/run/lake/a/b.parquet"],
  ["s3a://lake/a/", "/run/lake/a/"],
  ["s3://lake", "/run/lake"],
])("stands %s at %s", (uri, file) => {
  expect(localPath(uri, "/run")).toBe(file);
});

it("leads places inside a text to their folders and leaves the rest", () => {
  expect(toLocal('{"in": "s3://a/b", "out": "s3a://c/d=1", "no": "https://s3/e"}', "/run")).toBe(
    '{"in": "/run/a/b", "out": "/run/c/d=1", "no": "https://s3/e"}',
  );
});

it("submits the script with its own arguments behind the options", () => {
  const words = submitArguments(
    {
      entryPoint: "s3://code/a.py",
      entryPointArguments: ["--to", "s3://lake/out"],
      sparkSubmitParameters: "--name x",
    },
    "/run",
  );
  expect(words.slice(0, 2)).toEqual(["--master", "local[2]"]);
  expect(words.slice(-5)).toEqual(["--name", "x", "/run/code/a.py", "--to", "/run/lake/out"]);
});
