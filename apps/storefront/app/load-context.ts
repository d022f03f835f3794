// What loaders and actions find in `context` is typed by the client package.
import type {} from "@almanac/client/remix";
