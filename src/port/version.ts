/**
 * The version of the specification and its vectors, as spec/CHANGELOG.md tells it: its last part grows with new cases, its middle part with
 * a new operation or field, its first part when a number changes that was right before.
 */
export const specVersion = "2.0.1";
