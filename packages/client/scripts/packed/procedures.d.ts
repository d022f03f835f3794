// Stands in for the generated file of this name, so that the declarations beside it can be checked. It is not packed.
export interface ErrorShape {
  message: string;
  code: number;
  data: { code: string; httpStatus: number; reason: string; details: { [key: string]: unknown } };
}

export interface Procedures {
  example: { ask: { procedureType: "query"; input: { q: string }; output: string } };
}
