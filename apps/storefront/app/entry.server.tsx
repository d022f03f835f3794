export { streamPage as default, tellPageError as handleError } from "@almanac/ui/page/server";
