import ts from 'typescript';

/** A property of an interface, also an inherited one, as its documentation tells of it. */
export interface FieldDoc {
  readonly name: string;
  readonly optional: boolean;
  /** Whether another interface declares it. */
  readonly inherited: boolean;
  /** As TypeScript writes it. */
  readonly type: string;
  /** The words that the type allows, when it is a closed list of them. */
  readonly words: readonly string[];
  /** From the `@unit` tag; empty when it has none. */
  readonly unit: string;
  readonly description: string;
  /** The fields of the object, or of each element of the list, when the type is an interface of the same file. */
  readonly fields: readonly FieldDoc[];
}

export interface InterfaceDoc {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly FieldDoc[];
}

/** What some TypeScript files declare. */
export interface Declarations {
  /** The interface `name`, with all that it inherits. */
  interface(name: string): InterfaceDoc;
  /** The description of the type alias `name`. */
  alias(name: string): string;
  /**
   * What the properties of the interface `name` are, by their names. A property's own description goes before that
   * of its type.
   */
  properties(name: string): ReadonlyMap<string, InterfaceDoc>;
}

/** Reads files through the compiler, so that inherited and aliased types come out as they are. */
export function readDeclarations(...paths: string[]): Declarations {
  const program = ts.createProgram(paths, {
    strict: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    // Without the DOM's declarations, which no event speaks of, this takes a third of the time.
    lib: ['lib.es2023.d.ts'],
    types: [],
  });
  const checker = program.getTypeChecker();
  const statements = paths.flatMap((path) => program.getSourceFile(path)?.statements ?? []);

  function named(name: string): ts.InterfaceDeclaration | ts.TypeAliasDeclaration {
    const found = statements.find(
      (statement) =>
        (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) &&
        statement.name.text === name,
    );
    if (found === undefined) throw new Error(`no type ${name} in ${paths.join(', ')}`);
    return found as ts.InterfaceDeclaration | ts.TypeAliasDeclaration;
  }

  function description(symbol: ts.Symbol | undefined): string {
    const text = ts.displayPartsToString(symbol?.getDocumentationComment(checker));
    // Line breaks and links mean nothing in a Markdown table.
    return text.replaceAll(/\{@link (\w+)\}/g, '`$1`').replaceAll(/\s*\n\s*/g, ' ');
  }

  function interfaceDoc(type: ts.Type, property?: ts.Symbol): InterfaceDoc {
    const { name } = type.symbol;
    return {
      name,
      description: description(property) || description(type.symbol),
      fields: type.getProperties().map((symbol) => field(symbol, name)),
    };
  }

  function field(symbol: ts.Symbol, owner: string): FieldDoc {
    const type = checker.getNonNullableType(checker.getTypeOfSymbol(symbol));
    const [tag] = symbol.getJsDocTags(checker).filter(({ name }) => name === 'unit');
    const element = checker.isArrayType(type)
      ? (checker.getTypeArguments(type as ts.TypeReference)[0] ?? type)
      : type;
    const declaration = element.symbol?.declarations?.find(ts.isInterfaceDeclaration);
    const owned = declaration?.getSourceFile() === interfaceOf(symbol)?.getSourceFile();
    return {
      name: symbol.name,
      optional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
      inherited: interfaceOf(symbol)?.name.text !== owner,
      type: checker.typeToString(
        type,
        undefined,
        ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias,
      ),
      words: wordsOf(type),
      unit: ts.displayPartsToString(tag?.text),
      description: description(symbol),
      fields: declaration !== undefined && owned ? interfaceDoc(element).fields : [],
    };
  }

  return {
    interface: (name) => interfaceDoc(checker.getTypeAtLocation(named(name))),
    alias: (name) => description(checker.getSymbolAtLocation(named(name).name)),
    properties(name) {
      const properties = checker.getTypeAtLocation(named(name)).getProperties();
      return new Map(
        properties.map((symbol) => [symbol.name, interfaceDoc(checker.getTypeOfSymbol(symbol), symbol)]),
      );
    },
  };
}

/** The interface that declares a property. */
function interfaceOf(property: ts.Symbol): ts.InterfaceDeclaration | undefined {
  const parent = property.declarations?.[0]?.parent;
  return parent && ts.isInterfaceDeclaration(parent) ? parent : undefined;
}

function wordsOf(type: ts.Type): readonly string[] {
  if (!type.isUnion() || !type.types.every((member) => member.isStringLiteral())) return [];
  return type.types.map((member) => (member as ts.StringLiteralType).value);
}
