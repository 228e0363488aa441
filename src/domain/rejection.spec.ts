import { inOneLine, Rejection, rejectIfAny, type Finding } from './rejection.js';

/** What the findings are refused with; undefined where they are not refused. */
function rejectionOf(findings: readonly Finding[]): unknown {
  try {
    return rejectIfAny(findings);
  } catch (error) {
    return error;
  }
}

const missing: Finding = { code: 'requirement-missing', path: 'topic', message: 'a topic is required' };
const congo = { id: '1', slug: null, name: 'Congo' };
const ambiguous: Finding = {
  code: 'ambiguous-reference',
  path: 'party',
  message: 'more than one party is called "Congo"',
  candidates: [congo],
};

test('nothing found is nothing refused', () => {
  expect(rejectionOf([])).toBeUndefined();
});

test('findings are refused together, under the code of the first, each with its path and its message', () => {
  const rejection = rejectionOf([missing, ambiguous]);
  expect(rejection).toBeInstanceOf(Rejection);
  expect(rejection).toMatchObject({
    name: 'Rejection',
    code: 'requirement-missing',
    message: 'topic: a topic is required; party: more than one party is called "Congo"',
  });
});

test('what a reference may have meant is told where it is known, and the code of a finding is not', () => {
  expect(rejectionOf([missing, ambiguous])).toHaveProperty('errors', [
    { path: 'topic', message: 'a topic is required' },
    { path: 'party', message: 'more than one party is called "Congo"', candidates: [congo] },
  ]);
});

test('a line tells ten of them, and how many more there are', () => {
  const eleven = Array.from({ length: 11 }, (_, index) => ({
    path: index === 0 ? '' : `${index}`,
    message: 'is bad',
  }));
  const ten =
    'is bad; 1: is bad; 2: is bad; 3: is bad; 4: is bad; 5: is bad; 6: is bad; 7: is bad; 8: is bad; 9: is bad';
  expect(inOneLine(eleven.slice(0, 10))).toBe(ten);
  expect(inOneLine(eleven)).toBe(`${ten}; and 1 more`);
});

test('a refusal that is about no field names none', () => {
  expect(new Rejection('nothing-changed', 'It says all of this already.').errors).toEqual([]);
});
