import { Button, Picture, type Photo, type PictureName } from "@almanac/ui";
import { Form } from "@remix-run/react";
import { useEffect, useState } from "react";
import { AskFirst, useBusy } from "../forms/act.tsx";

const maxBytes = 6 * 1024 * 1024;

/** The picture that is shown, the way to another, and a look at it before it is sent. */
export function PhotoForm({
  name,
  picture,
  photo,
}: {
  name: string;
  picture: PictureName;
  photo: Photo | null;
}) {
  const [file, setFile] = useState<File>();
  const preview = usePreview(file);
  const busy = useBusy("photo");
  const isTooLarge = file !== undefined && file.size > maxBytes;
  return (
    <div className="stack photo-form">
      {preview ? (
        <img className="photo-form__preview" src={preview} alt={`The photo you chose for ${name}`} />
      ) : (
        <Picture shape="page" name={picture} photo={photo} alt={photo ? `Photo of ${name}` : ""} eager />
      )}
      <Form
        method="post"
        encType="multipart/form-data"
        className="stack stack--tight"
        onSubmit={() => setFile(undefined)}
        preventScrollReset
      >
        <input type="hidden" name="intent" value="photo" />
        <label className="field__label" htmlFor="photo">
          {photo ? "Another photo" : "Your photo"}
        </label>
        <input
          id="photo"
          className="input"
          type="file"
          name="photo"
          accept="image/jpeg,image/png,image/webp,image/avif"
          required
          aria-describedby="photo-hint"
          onChange={(event) => setFile(event.currentTarget.files?.[0])}
        />
        <p
          id="photo-hint"
          className={isTooLarge ? "field__error" : "field__hint"}
          role={isTooLarge ? "alert" : undefined}
        >
          {isTooLarge
            ? "This photo is larger than 6 MB. Take a smaller one."
            : "Up to 6 MB. Where it was taken is removed from the file."}
        </p>
        <Button type="submit" tone="secondary" busy={busy} disabled={isTooLarge}>
          Use this photo
        </Button>
      </Form>
      {photo && (
        <AskFirst
          label="Remove the photo"
          question="The drawn picture is shown instead. The photo is gone then."
        >
          <Form method="post" preventScrollReset>
            <input type="hidden" name="intent" value="removePhoto" />
            <Button type="submit" tone="warm" size="small">
              Remove it
            </Button>
          </Form>
        </AskFirst>
      )}
    </div>
  );
}

function usePreview(file: File | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!file) {
      setUrl(undefined);
      return;
    }
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}
