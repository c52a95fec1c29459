import type { Journal } from "../../shared/journal";
import { HalfCreatedError, type ResourceCall, type Values } from "../../shared/service";
import { unknownValue } from "../../shared/signatures";
import { withoutInternals } from "./check";
import { isNotFound, sentence } from "./errors";
import { mergeOutputs, refreshInputs } from "./refresh";
import type { HandlerContext, ResourceHandler } from "./types";

/** One resource of a handler: what the engine asks of it, translated to the handler's calls. */
export class Lifecycle {
  constructor(
    private readonly handler: ResourceHandler,
    private readonly call: ResourceCall,
    private readonly context: Omit<HandlerContext, "created">,
    private readonly journal: Journal,
  ) {}

  /** Makes the resource; when that fails half-way, nothing stays behind that the engine does not know. */
  async create(given: Values): Promise<{ id: string; outputs: Values }> {
    const inputs = withoutInternals(given);
    let id: string | undefined;
    const created = (made: string): void => {
      if (id === made) return;
      id = made;
      this.write("created", made);
    };
    let shownOnce: Values = {};
    try {
      const result = await this.handler.create(inputs, { ...this.context, created });
      created(result.id);
      shownOnce = result.outputs ?? {};
      return { id: result.id, outputs: await this.outputs(result.id, { ...inputs, ...shownOnce }) };
    } catch (error) {
      if (id === undefined) throw this.error(error);
      return await this.undo(id, inputs, shownOnce, error);
    }
  }

  /** As AWS answers now; undefined when the resource is gone. */
  async read(id: string, inputs: Values, properties: Values) {
    const olds = withoutInternals(properties);
    const live = await this.live(id, olds);
    if (!live) {
      // Somebody else removed it; the engine forgets it now, and so must the journal.
      this.write("deleted", id);
      return undefined;
    }
    return {
      id,
      inputs: refreshInputs(this.handler, inputs, olds, live),
      outputs: this.complete(mergeOutputs(this.handler, olds, live)),
    };
  }

  async update(id: string, olds: Values, given: Values): Promise<Values> {
    const inputs = withoutInternals(given);
    try {
      const extra = await this.handler.update!(id, withoutInternals(olds), inputs, this.working());
      const kept = Object.fromEntries((this.handler.secretOutputs ?? []).map((name) => [name, olds[name]]));
      return await this.outputs(id, { ...kept, ...inputs, ...(extra ?? {}) });
    } catch (error) {
      throw this.error(error);
    }
  }

  async delete(id: string, properties: Values): Promise<void> {
    try {
      await this.handler.delete(id, withoutInternals(properties), this.working());
    } catch (error) {
      if (!isNotFound(error)) throw this.error(error);
    }
    this.write("deleted", id);
  }

  /** Outputs of an update that a preview can foresee. */
  previewUpdate(olds: Values, given: Values): Values {
    const inputs = withoutInternals(given);
    const unsettled = Object.fromEntries(
      (this.handler.changedByUpdate ?? []).map((name) => [name, unknownValue]),
    );
    return this.complete({ ...withoutInternals(olds), ...inputs, ...unsettled });
  }

  private working(): HandlerContext {
    return { ...this.context, created: () => undefined };
  }

  private async live(id: string, properties: Values): Promise<Values | undefined> {
    try {
      return await this.handler.read(id, properties, this.working());
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw this.error(error);
    }
  }

  private async outputs(id: string, known: Values): Promise<Values> {
    const live = await this.live(id, known);
    if (!live) throw new Error(`AWS took the call and does not know ${id} right after it`);
    return this.complete(mergeOutputs(this.handler, known, live));
  }

  private complete(outputs: Values): Values {
    const region = { region: outputs.region ?? this.context.region };
    return this.handler.taggable
      ? { ...outputs, ...region, tagsAll: outputs.tags ?? {} }
      : { ...outputs, ...region };
  }

  private async undo(id: string, inputs: Values, shownOnce: Values, cause: unknown): Promise<never> {
    const failure = this.error(cause);
    try {
      await this.delete(id, { ...inputs, forceDestroy: true });
    } catch (undoing) {
      const reason = undoing instanceof Error ? undoing.message : String(undoing);
      throw new HalfCreatedError(`${failure.message}; it could not be removed again: ${reason}`, id, {
        ...inputs,
        ...shownOnce,
      });
    }
    throw failure;
  }

  /** "aws:s3/bucket:Bucket raw: BucketAlreadyOwnedByYou – …", whatever threw it. */
  private error(cause: unknown): Error {
    const subject = `${this.call.type} ${this.call.name}`;
    if (cause instanceof Error && cause.message.startsWith(subject)) return cause;
    return new Error(sentence(subject, cause), { cause });
  }

  private write(event: "created" | "deleted", id: string): void {
    this.journal.write({ event, urn: this.call.urn, type: this.call.type, id });
  }
}
