import * as pulumi from "@pulumi/pulumi";

import { deployInMocks } from "./pulumi-mocks";

/** What a component said about wrong arguments. */
export interface ComponentFaults {
  message: string;
  /** Path of every field at fault, in the order of the report. */
  paths: string[];
  /** Resources that were registered although the arguments are wrong. */
  registered: number;
}

/**
 * Makes a component whose arguments are wrong and returns its complaint.
 * @throws Error when the component accepts the arguments.
 */
export async function faultsOf(create: () => unknown): Promise<ComponentFaults> {
  let caught: unknown;
  const { resources } = await deployInMocks(() => {
    try {
      create();
    } catch (error) {
      caught = error;
    }
  });
  if (caught instanceof pulumi.InputPropertiesError) {
    const paths = (caught.errors ?? []).map(({ propertyPath }) => propertyPath);
    return { message: caught.message, paths, registered: resources.length };
  }
  throw new Error(`The component did not complain about its arguments; it ended with: ${String(caught)}`);
}
