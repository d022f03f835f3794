import { parseId, type FarmId, type MarketId, type UserId } from "@almanac/kernel";
import { adminAction } from "../request/handlers.ts";

const roles = ["operator", "analyst"] as const;
const farmRoles = ["owner", "staff"] as const;

/** Giving and taking rights. Everything can be given back; the API writes each into the audit log. */
export const peopleAction = adminAction({
  grant: async ({ api, fields }) => {
    const [subject, name, role] = [fields.text("subject"), fields.text("name"), fields.oneOf("role", roles)];
    fields.done();
    await api.admin.users.grant({ userId: parseId<UserId>(subject), role });
    return {
      message: `${name} is ${role} now.`,
      undo: { label: "Undo", fields: { intent: "revoke", subject, name, role } },
    };
  },
  revoke: async ({ api, fields }) => {
    const [subject, name, role] = [fields.text("subject"), fields.text("name"), fields.oneOf("role", roles)];
    fields.done();
    await api.admin.users.revoke({ userId: parseId<UserId>(subject), role });
    return {
      message: `${name} is no longer ${role}.`,
      undo: { label: "Undo", fields: { intent: "grant", subject, name, role } },
    };
  },
  addFarm: async ({ api, fields }) => {
    const [subject, name, farm] = [
      fields.text("subject"),
      fields.text("name"),
      fields.text("farm", { required: "Choose a farm." }),
    ];
    const role = fields.oneOf("farmRole", farmRoles);
    fields.done();
    await api.admin.users.addFarmMember({
      userId: parseId<UserId>(subject),
      farmId: parseId<FarmId>(farm),
      role,
    });
    return {
      message: `${name} belongs to the farm as ${role}.`,
      undo: { label: "Undo", fields: { intent: "removeFarm", subject, name, farm, farmRole: role } },
    };
  },
  removeFarm: async ({ api, fields }) => {
    const [subject, name, farm] = [fields.text("subject"), fields.text("name"), fields.text("farm")];
    const farmRole = fields.oneOf("farmRole", farmRoles);
    fields.done();
    await api.admin.users.removeFarmMember({
      userId: parseId<UserId>(subject),
      farmId: parseId<FarmId>(farm),
    });
    return {
      message: `${name} no longer belongs to the farm.`,
      undo: { label: "Undo", fields: { intent: "addFarm", subject, name, farm, farmRole } },
    };
  },
  addMarket: async ({ api, fields }) => {
    const [subject, name, market] = [
      fields.text("subject"),
      fields.text("name"),
      fields.text("market", { required: "Choose a market." }),
    ];
    fields.done();
    await api.admin.users.addMarketManager({
      userId: parseId<UserId>(subject),
      marketId: parseId<MarketId>(market),
    });
    return {
      message: `${name} manages the market.`,
      undo: { label: "Undo", fields: { intent: "removeMarket", subject, name, market } },
    };
  },
  removeMarket: async ({ api, fields }) => {
    const [subject, name, market] = [fields.text("subject"), fields.text("name"), fields.text("market")];
    fields.done();
    await api.admin.users.removeMarketManager({
      userId: parseId<UserId>(subject),
      marketId: parseId<MarketId>(market),
    });
    return {
      message: `${name} no longer manages the market.`,
      undo: { label: "Undo", fields: { intent: "addMarket", subject, name, market } },
    };
  },
});
