import { createHash } from "node:crypto";
import type { OpenApiDocument, OpenApiOperation } from "./openapi.ts";

const style = `
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5 }
body { max-width: 52rem; margin: 0 auto; padding: 1.5rem }
code { font-size: .95em } h2 { margin-top: 2.5rem } .method { text-transform: uppercase; font-weight: 700 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .75rem .3rem 0; vertical-align: top; border-bottom: 1px solid #8884 }
`;

const styleHash = createHash("sha256").update(style).digest("base64");

/** Nothing may run or be fetched: the page is text. */
export const docsPagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The OpenAPI document for people: no scripts, nothing from elsewhere. */
export function docsPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(method, path, operation)),
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(document.info.title)} over REST</title><style>${style}</style></head>
<body>
<h1>${escape(document.info.title)} over REST</h1>
<p>${escape(document.info.description)}</p>
<p>The same as a machine reads it: <a href="/api/openapi.json">openapi.json</a>.</p>
${operations.join("\n")}
</body></html>
`;
}

function section(method: string, path: string, operation: OpenApiOperation): string {
  const { summary, description = "", parameters = [], responses } = operation;
  const rows = parameters.map(
    (parameter) =>
      `<tr><td><code>${escape(parameter.name)}</code></td><td>${parameter.required ? "required" : ""}</td><td>${escape(
        parameter.description ?? wordsOf(parameter.schema),
      )}</td></tr>`,
  );
  const answers = Object.entries(responses)
    .map(([status, answer]) => `<li><code>${escape(status)}</code> ${escape(answer.description)}</li>`)
    .join("");
  return `<section>
<h2><span class="method">${escape(method)}</span> <code>${escape(path)}</code></h2>
<p>${escape(summary)}. ${escape(description)}</p>
${rows.length > 0 ? `<table><thead><tr><th>Parameter</th><th></th><th></th></tr></thead><tbody>${rows.join("")}</tbody></table>` : ""}
${operation.requestBody ? "<p>Takes a JSON body; its schema is in openapi.json.</p>" : ""}
<ul>${answers}</ul>
</section>`;
}

function wordsOf(schema: object): string {
  return "enum" in schema && Array.isArray(schema.enum) ? schema.enum.join(", ") : "";
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
