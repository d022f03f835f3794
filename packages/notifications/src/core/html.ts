/** Text made safe for HTML content and for attribute values in double quotes. */
export function escapeHtml(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/**
 * A whole mail page: one column, readable in the dark, no picture and no tracking. `bodyHtml` is trusted; everything a
 * person typed goes through `escapeHtml` before.
 */
export function mailPage({ title, bodyHtml }: { title: string; bodyHtml: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
</head>
<body style="margin:0;padding:24px;font-family:Figtree,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5">
<main style="max-width:36rem;margin:0 auto">
<h1 style="font-size:22px;line-height:1.25">${escapeHtml(title)}</h1>
${bodyHtml}
</main>
</body>
</html>
`;
}
