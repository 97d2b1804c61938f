/** The rooms of src that are mutated, and the tests that are run against their mutants. */
export const ROOMS = {
  model: ["tests/properties/{data,engines,losses,network}.test.ts"],
  train: ["tests/properties/{config,model-store,oracle-training,run,training}.test.ts"],
  measure: ["tests/properties/{emergence,measure-*}.test.ts"],
  port: ["tests/ports/{compare,fresh,misreadings,runner}.test.ts"],
};

export type Room = keyof typeof ROOMS;
