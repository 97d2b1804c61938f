/**
 * The version of the specification and its vectors, as in spec/CHANGELOG.md. Its last number grows with new cases, its
 * middle number with a new operation or field, and its first number when a number changes that was right before.
 */
export const specVersion = "2.1.2";
