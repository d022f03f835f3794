import { systemClock } from "@almanac/kernel";
import { createOperator, withDatabase } from "@almanac/demo";
import { placeOf, readArguments, wrongUse, type Command } from "../command.ts";
import { readPassword } from "../password.ts";

const help = `almanac operator create --email <address> --name <name> [--data <folder>]

Makes a person who may do everything in the portal, and may give rights to others. Asks for a password without showing
it; in a script the password is read from standard input. An address that already signs in keeps its password and
becomes an operator.

  --data   folder of the embedded database (default: DATABASE_URL if set, else ALMANAC_DATA or .data);
           a server must not be running on it
`;

const passwordLength = { min: 8, max: 128 };

export const operatorCommand: Command = {
  name: "operator",
  summary: "make the first person who may do everything",
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, {
      email: { type: "string" },
      name: { type: "string" },
      data: { type: "string" },
    });
    if (positionals.join(" ") !== "create")
      throw wrongUse("say: operator create --email <address> --name <name>");
    const email = values.email?.trim() ?? "";
    const name = values.name?.trim() ?? "";
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) || email.length > 254)
      throw wrongUse("--email must be an address such as you@example.org");
    if (name === "" || name.length > 100) throw wrongUse("--name must be a name of at most 100 characters");
    const password = await readPassword(
      io,
      `Password for ${email} (at least ${passwordLength.min} characters): `,
    );
    if (password.length < passwordLength.min || password.length > passwordLength.max)
      throw wrongUse(`the password must have ${passwordLength.min} to ${passwordLength.max} characters`);
    const { userId, isNew } = await withDatabase(placeOf(values.data, io.env), (handle) =>
      createOperator(handle, { email, name, password }, { clock: systemClock }),
    );
    io.say(
      isNew
        ? `${name} can sign in now, and may do everything.\n`
        : "That address signs in already: it keeps its password, and may do everything now.\n",
    );
    io.out(`${JSON.stringify({ command: "operator", userId, isNew })}\n`);
    return 0;
  },
};
