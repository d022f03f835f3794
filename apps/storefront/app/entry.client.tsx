import { startPage } from "@almanac/ui/page/browser";

startPage();
