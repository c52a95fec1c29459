/** ARN under which API Gateway invokes a function; no API answers it, it is defined by this form. */
export function invokeArn(functionArn: string, region: string): string {
  const partition = functionArn.split(":")[1] ?? "aws";
  return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}
