import * as fc from "fast-check";
import { noSecrets, unwrapSecrets, wrapSecrets } from "../../../../local/provider/shared/secrets";
import { assetSignature, secretSignature, signatureKey } from "../../../../local/provider/shared/signatures";

const secret = (value: unknown) => ({ [signatureKey]: secretSignature, value });

/** Every text that is not under a secret mark. */
function plainTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(plainTexts);
  if (typeof value !== "object" || value === null) return [];
  if ((value as Record<string, unknown>)[signatureKey] === secretSignature) return [];
  return Object.values(value).flatMap(plainTexts);
}

describe("secrets", () => {
  it("are taken off before, and put back on, a property", () => {
    const secrets = noSecrets();
    const plain = unwrapSecrets({ value: secret("hidden!"), name: "a" }, secrets);
    expect(plain).toEqual({ value: "hidden!", name: "a" });
    expect(wrapSecrets(plain, secrets)).toEqual({ value: secret("hidden!"), name: "a" });
  });

  it("are found in outputs with other names, inside documents and lists", () => {
    const secrets = noSecrets();
    unwrapSecrets({ nested: { password: secret('with "quotes"') } }, secrets);
    const outputs = wrapSecrets(
      { copy: ['with "quotes"'], document: JSON.stringify({ password: 'with "quotes"' }), other: "plain" },
      secrets,
    );
    expect(outputs.copy).toEqual([secret('with "quotes"')]);
    expect(outputs.document).toEqual(secret(JSON.stringify({ password: 'with "quotes"' })));
    expect(outputs.other).toBe("plain");
  });

  it("that are short mark only what equals them", () => {
    const secrets = noSecrets();
    unwrapSecrets({ pin: secret(7), letter: secret("a") }, secrets);
    expect(wrapSecrets({ count: 7, word: "banana", letter2: "a" }, secrets)).toEqual({
      count: secret(7),
      word: "banana",
      letter2: secret("a"),
    });
  });

  it("mark an asset as a whole, for the engine reads its fields", () => {
    const secrets = noSecrets();
    const asset = { [signatureKey]: assetSignature, text: "the hidden text" };
    unwrapSecrets({ source: secret(asset) }, secrets);
    expect(wrapSecrets({ moved: asset }, secrets)).toEqual({ moved: secret(asset) });
  });

  it("never show up anywhere in the outputs", () => {
    const hidden = fc.string({ minLength: 6, maxLength: 20 });
    fc.assert(
      fc.property(hidden, fc.string(), fc.string(), (text, before, after) => {
        const secrets = noSecrets();
        const inputs = unwrapSecrets({ a: { b: [secret(text)] }, c: secret({ d: text }) }, secrets);
        const outputs = wrapSecrets({ ...inputs, joined: `${before}${text}${after}` }, secrets);
        expect(plainTexts(outputs).filter((plain) => plain.includes(text))).toEqual([]);
      }),
    );
  });
});
