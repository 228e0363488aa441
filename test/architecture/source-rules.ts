import ts from 'typescript';
import type { SourceFile } from './source-files.js';

/** Something that a file must not hold, or must not be. */
export interface SourceRule {
  /** Why. */
  readonly comment: string;
  /** Which files are asked: a pattern of paths from the project's root. */
  readonly in: RegExp;
  /** Where it may stand all the same, and why. */
  readonly except?: Readonly<Record<string, string>>;
  /** Lines (from 1) at which a file breaks it. */
  readonly find: (file: SourceFile) => number[];
}

const SERVICE = /^(src|migrations|verify)\/(?!.*\.spec\.ts$)/;
/** The service and its pages, but for what is generated and for texts. */
const PRODUCT = /^(src|migrations|web)\/(?!.*\.spec\.ts$)(?!src\/(api\/openapi\.d\.ts|texts\/))/;
const ANYWHERE = /^(?!test\/architecture\/source-rules\.ts$)/;

export const SOURCE_RULES: Readonly<Record<string, SourceRule>> = {
  'one-clock': {
    comment: 'The time is passed in, so that a test can say what time it is.',
    in: SERVICE,
    except: {
      'src/dossiers/surroundings.ts': 'the one place',
      'src/database/embedded/find-server.ts': 'how old a file is by the clock that dated it',
    },
    find: nodes((node) => isNewDateOfNow(node) || isMember(node, 'Date', ['now']) || isCallOf(node, 'Date')),
  },
  'one-source-of-ids': {
    comment: 'Ids and randomness are passed in, so that a test can repeat what happened.',
    in: SERVICE,
    except: {
      'src/dossiers/surroundings.ts': 'the one place',
      'src/access/first-token.ts': 'a secret: nobody may be able to repeat it',
      'src/access/tokens.ts': 'secrets: nobody may be able to repeat them',
      'src/database/embedded/passwords.ts': 'secrets: nobody may be able to repeat them',
      'src/database/embedded/create-cluster.ts': 'the name of a draft, which no other process may have',
      'src/database/embedded/free-port.ts': 'any port will do',
      'src/recording/import/load-example.ts': 'a correlation id of the first start',
      'src/ledger/proof/rotation.ts': 'an id that follows from the dossier’s: version 5 is not random',
    },
    find: nodes((node) => isMember(node, 'Math', ['random']) || importsRandomness(node)),
  },
  'statuses-only-in-http': {
    comment:
      'A refusal gets its HTTP status in one place. A controller says what it answers with @HttpCode and @Answers.',
    in: /^src\/(?!http\/)(?!.*\.spec\.ts$)/,
    except: {
      'src/recording/import/importer.ts': 'a line of an import has its status in the answer’s body',
      'src/recording/import/import-stream.ts': 'a line of an import has its status in the answer’s body',
      'src/recording/import/load-example.ts': 'a line of an import has its status in the answer’s body',
      'src/operating/health.controller.ts': 'being unready is an answer, not a refusal',
    },
    find: nodes(isStatus),
  },
  'domain-touches-nothing-outside': {
    comment: 'The domain computes: it waits for nothing, reads nothing and says nothing.',
    in: /^src\/domain\//,
    find: nodes(
      (node) =>
        ts.isIdentifier(node) &&
        ['process', 'performance', 'console', 'fetch', 'setTimeout', 'setInterval', 'setImmediate'].includes(
          node.text,
        ) &&
        !isNameOfMember(node),
    ),
  },
  'no-any': {
    comment: 'What may be anything is unknown until it has been looked at.',
    in: ANYWHERE,
    find: nodes((node) => node.kind === ts.SyntaxKind.AnyKeyword),
  },
  'no-non-null-assertion': {
    comment: 'What cannot be missing says so by its type.',
    in: ANYWHERE,
    find: nodes(ts.isNonNullExpression),
  },
  'casts-have-reasons': {
    comment: 'A cast tells the compiler what it cannot see: a comment beside it says why it holds.',
    in: PRODUCT,
    find: (file) => nodes(isCast)(file).filter((line) => !isExplained(file, line)),
  },
  'no-silenced-checks': {
    comment: 'What a check finds is mended, or the check is turned off for all, with a reason.',
    in: ANYWHERE,
    find: lines(
      /(eslint|oxlint)-disable|@ts-(ignore|nocheck|expect-error)|prettier-ignore|(istanbul|c8) ignore/,
    ),
  },
  'no-focused-or-skipped-tests': {
    comment: 'Every test runs.',
    in: /^(src|test|bench)\//,
    find: nodes(
      (node) =>
        ['it', 'test', 'describe'].some((name) =>
          isMember(node, name, ['only', 'skip', 'todo', 'failing']),
        ) || ['fit', 'fdescribe', 'xit', 'xtest', 'xdescribe'].some((name) => isCallOf(node, name)),
    ),
  },
  'readable-in-one-sitting': {
    comment: 'A file of more than 300 lines holds more than one concept.',
    in: PRODUCT,
    find: ({ text }) => (text.trimEnd().split('\n').length > 300 ? [301] : []),
  },
  'folders-say-what-is-in-them': {
    comment: 'Folders are named for what users do, or for what the field calls it.',
    in: ANYWHERE,
    find: ({ path }) =>
      /(^|\/)(utils?|utilities|helpers?|commons?|shared|misc|lib|dtos?|services?|interfaces?|types|models)\//.test(
        path,
      )
        ? [1]
        : [],
  },
  'no-sides-of-the-screen': {
    comment: 'A page begins at the right where its language does.',
    in: /^web\/.*\.css$/,
    find: lines(
      /\b(margin|padding|border|inset)-(left|right|top|bottom)\b|^\s*(left|right|top|bottom|width|height|min-width|max-width|min-height|max-height):|(text-align|float|clear): (left|right)/,
    ),
  },
  'no-barrel-files': {
    comment: 'Import from where a thing is defined.',
    in: /^(src|migrations|test|bench)\//,
    find: ({ path }) => (/(^|\/)index\.[cm]?[jt]s$/.test(path) ? [1] : []),
  },
};

/** Where a house breaks a rule, as `path:line`. */
export function breaches(rule: SourceRule, files: readonly SourceFile[]): string[] {
  const asked = files.filter(({ path }) => rule.in.test(path) && rule.except?.[path] === undefined);
  return asked.flatMap((file) => rule.find(file).map((line) => `${file.path}:${line}`));
}

function nodes(holds: (node: ts.Node) => boolean): SourceRule['find'] {
  return ({ tree }) => {
    const found = new Set<number>();
    const visit = (node: ts.Node): void => {
      if (holds(node)) found.add(tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1);
      ts.forEachChild(node, visit);
    };
    visit(tree);
    return [...found];
  };
}

function lines(pattern: RegExp): SourceRule['find'] {
  return ({ text }) => text.split('\n').flatMap((line, index) => (pattern.test(line) ? [index + 1] : []));
}

function isNewDateOfNow(node: ts.Node): boolean {
  return (
    ts.isNewExpression(node) && isNamed(node.expression, ['Date']) && (node.arguments?.length ?? 0) === 0
  );
}

function isCallOf(node: ts.Node, name: string): boolean {
  return ts.isCallExpression(node) && isNamed(node.expression, [name]);
}

function isMember(node: ts.Node, object: string, names: readonly string[]): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    isNamed(node.expression, [object]) &&
    names.includes(node.name.text)
  );
}

function isNamed(node: ts.Node, names: readonly string[]): boolean {
  return ts.isIdentifier(node) && names.includes(node.text);
}

function isNameOfMember({ parent, ...node }: ts.Identifier): boolean {
  return (
    ((ts.isPropertyAccessExpression(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent)) &&
      ts.isIdentifier(parent.name) &&
      parent.name.pos === node.pos) ||
    ts.isMethodDeclaration(parent)
  );
}

const MAKERS = /^(v[14567]|randomUUID|randomBytes|randomInt|getRandomValues|webcrypto)$/;

function importsRandomness(node: ts.Node): boolean {
  if (!ts.isImportSpecifier(node)) return false;
  const from = node.parent.parent.parent.moduleSpecifier;
  const source = ts.isStringLiteral(from) ? from.text : '';
  return /^(uuid|(node:)?crypto)$/.test(source) && MAKERS.test((node.propertyName ?? node.name).text);
}

function isStatus(node: ts.Node): boolean {
  if (ts.isIdentifier(node) && node.text === 'HttpStatus') return true;
  if (!ts.isNumericLiteral(node) || !/^[1-5]\d\d$/.test(node.text)) return false;
  return /\b(status|statusCode)\b/.test(contextOf(node)) && !isDecorator(node);
}

/** The statement, property or type member that a number stands in. */
function contextOf(node: ts.Node): string {
  for (let above = node.parent; ; above = above.parent)
    if (
      ts.isPropertyAssignment(above) ||
      ts.isPropertySignature(above) ||
      ts.isCallExpression(above) ||
      ts.isBinaryExpression(above) ||
      ts.isSourceFile(above)
    )
      return ts.isSourceFile(above) ? '' : above.getText().slice(0, 200);
}

function isDecorator(node: ts.Node): boolean {
  return ts.findAncestor(node, ts.isDecorator) !== undefined;
}

function isCast(node: ts.Node): boolean {
  return ts.isAsExpression(node) && !ts.isConstTypeReference(node.type) && !claimsNothing(node);
}

/** Widening an empty value, or reading fields that may be missing and may be anything. */
function claimsNothing({ expression, type }: ts.AsExpression): boolean {
  if (expression.kind === ts.SyntaxKind.NullKeyword) return true;
  if (ts.isArrayLiteralExpression(expression) && expression.elements.length === 0) return true;
  const types = ts.isUnionTypeNode(type) ? type.types : [type];
  return types.every(
    (each) => isNull(each) || (ts.isTypeLiteralNode(each) && each.members.every(isUnknownField)),
  );
}

function isNull(type: ts.TypeNode): boolean {
  return ts.isLiteralTypeNode(type) && type.literal.kind === ts.SyntaxKind.NullKeyword;
}

function isUnknownField(member: ts.TypeElement): boolean {
  return (
    ts.isPropertySignature(member) &&
    member.questionToken !== undefined &&
    member.type?.kind === ts.SyntaxKind.UnknownKeyword
  );
}

/** A comment on the line above, or one near it that says why. */
function isExplained({ text }: SourceFile, line: number): boolean {
  const all = text.split('\n');
  const around = all.slice(Math.max(0, line - 3), line + 4);
  return (
    /^\s*\/\/ /.test(all[line - 2] ?? '') ||
    around.some((each) => /(\/\/|\*\*) .*\b(holds|because|since|hence)\b/i.test(each))
  );
}
