/** Nothing is imported here: who only signs in does not load the world. */
export const demoPassword = "almanac-demo";

/** Who one can sign in as, and what for. */
export const demoPeople = [
  { key: "maya", email: "maya@demo.example", name: "Maya", is: "a shopper with four past orders" },
  { key: "bo", email: "bo@demo.example", name: "Bo", is: "a shopper who does not want to be followed" },
  { key: "tomas", email: "tomas@demo.example", name: "Tomas", is: "the farmer of Hollow Oak" },
  { key: "fern", email: "fern@demo.example", name: "Fern", is: "the farmer of Fern Bank" },
  { key: "rosa", email: "rosa@demo.example", name: "Rosa", is: "the manager of the Riverside market" },
  { key: "ines", email: "ines@demo.example", name: "Ines", is: "operator and analyst" },
] as const;
