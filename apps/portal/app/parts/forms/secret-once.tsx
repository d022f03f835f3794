import { Button } from "@almanac/ui";
import { useState } from "react";

/** Shows a secret once, with a way to copy it. */
export function SecretOnce({ secret }: { secret: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="secret">
      <code className="secret__text">{secret}</code>
      <Button
        type="button"
        size="small"
        tone="secondary"
        className="needs-script"
        onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}
      >
        {copied ? "Copied" : "Copy"}
      </Button>
      <span className="visually-hidden" role="status">
        {copied && "The key is copied."}
      </span>
    </div>
  );
}
