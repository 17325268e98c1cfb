/** The templates of one stage, and what tests ask of them. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { addStacks } from "../lib/app.js";
import { offlineApp } from "../lib/offline.js";
import "./unvalidated.js";

/** A template as it is written. */
export interface Template {
  readonly Resources: Readonly<Record<string, CfnResource>>;
  readonly Outputs?: Readonly<Record<string, { Value: unknown; Export?: { Name: string } }>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
}

/** A resource as it is written. Properties differ by type, so they are looked into as they are. */
interface CfnResource {
  readonly Type: string;
  readonly Properties: Record<string, any>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
  readonly Metadata?: { readonly "aws:cdk:path"?: string };
}

/** A resource, with where it was found. */
export interface Resource extends CfnResource {
  /** Where it is in the app, without the stage: `api/contacts/contacts.list/Role`. */
  readonly place: string;
  readonly template: Template;
}

/** What was made, by its context. */
const MADE = new Map<string, Synthesized>();

/** Every template of a stage. */
export class Synthesized {
  /** By file name. */
  readonly templates: ReadonlyMap<string, Template>;
  private readonly exports: ReadonlyMap<string, string>;
  private readonly name: string;

  /** Those of the stage that `context` names, made once for all tests of this process. */
  static of(context: Readonly<Record<string, unknown>>): Synthesized {
    // Whether the usual is said or not, it is the same stage.
    const whole = { functions: "route", ...context };
    const key = JSON.stringify(Object.entries(whole).sort());
    const made = MADE.get(key) ?? new Synthesized(whole);
    MADE.set(key, made);
    return made;
  }

  private constructor(context: Readonly<Record<string, unknown>>) {
    const folder = mkdtempSync(join(tmpdir(), "vestibule-cdk-"));
    // Only the templates are wanted.
    const app = offlineApp(context, { outdir: folder, stackTraces: false, treeMetadata: false });
    this.name = addStacks(app).name;
    app.synth();
    const files = readdirSync(folder).filter((file) => file.endsWith(".template.json"));
    this.templates = new Map(
      files.map((file) => [file, JSON.parse(readFileSync(join(folder, file), "utf8")) as Template]),
    );
    rmSync(folder, { recursive: true });
    this.exports = new Map(
      [...this.templates.values()].flatMap((template) =>
        Object.values(template.Outputs ?? {}).flatMap(({ Value: value, Export: exported }) =>
          exported ? [[exported.Name, this.text(value, template)] as const] : [],
        ),
      ),
    );
  }

  /** The resources of one type in the stacks of these parts, nested ones included; of all parts, if none is named. */
  resources(type: string, ...parts: readonly string[]): Resource[] {
    return [...this.templates.values()].flatMap((template) =>
      Object.values(template.Resources)
        .map((resource) => ({ ...resource, place: this.placeOf(resource), template }))
        .filter((resource) => resource.Type === type)
        .filter(({ place }) => parts.length === 0 || parts.some((part) => place.startsWith(`${part}/`))),
    );
  }

  /** The only resource of a type in one part. */
  only(type: string, part: string): Resource {
    const [found, ...others] = this.resources(type, part);
    if (!found || others.length > 0) throw new Error(`${part} has ${others.length + (found ? 1 : 0)} of ${type}`);
    return found;
  }

  /**
   * A value as text, with what it refers to by place: `<data/Table Arn>/index/due`. Values that came from another
   * stack look as if they were that stack's.
   */
  text(value: unknown, template: Template): string {
    if (typeof value !== "object" || value === null) return String(value);
    const [[intrinsic, argument] = []] = Object.entries(value);
    switch (intrinsic) {
      case "Fn::Join":
        return argument[1].map((part: unknown) => this.text(part, template)).join(argument[0]);
      case "Fn::ImportValue":
        return this.exports.get(argument) ?? `<no export ${argument}>`;
      case "Fn::GetAtt":
        return `<${this.placeOf(template.Resources[argument[0]])} ${argument[1]}>`;
      case "Ref":
        return `<${this.placeOf(template.Resources[argument]) || argument}>`;
      default:
        return JSON.stringify(value);
    }
  }

  private placeOf(resource: CfnResource | undefined): string {
    const path = resource?.Metadata?.["aws:cdk:path"] ?? "";
    return path.replace(`${this.name}-`, "").replace(/\/Resource$/, "");
  }
}
