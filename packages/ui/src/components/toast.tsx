import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { Button, IconButton } from "./button.tsx";

export interface Toast {
  id: string;
  message: ReactNode;
  /** Usually "Undo". */
  action?: { label: string; onPress: () => void };
}

export interface ToastRegionProps {
  toasts: readonly Toast[];
  onDismiss: (id: string) => void;
  /** The focus or the pointer is among them: none goes by itself meanwhile. */
  onHold?: (isHeld: boolean) => void;
}

/** What was just done, with a way to take it back. New toasts are announced politely and take no focus. */
export function ToastRegion({ toasts, onDismiss, onHold }: ToastRegionProps) {
  return (
    <div
      className="toasts"
      role="status"
      aria-live="polite"
      aria-label="Messages"
      onFocus={() => onHold?.(true)}
      onBlur={() => onHold?.(false)}
      onPointerEnter={() => onHold?.(true)}
      onPointerLeave={() => onHold?.(false)}
    >
      {toasts.map((toast) => (
        <div key={toast.id} className="toast">
          <span className="toast__text">{toast.message}</span>
          {toast.action && (
            <Button
              tone="quiet"
              size="small"
              type="button"
              onClick={() => {
                toast.action?.onPress();
                onDismiss(toast.id);
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <IconButton icon="close" label="Dismiss" onClick={() => onDismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}

export interface Toasts {
  /** Shows a message; returns its id. The same id replaces the message that is there. */
  show: (toast: Omit<Toast, "id"> & { id?: string }) => string;
  dismiss: (id: string) => void;
  /** Takes all of them away: what they would take back has gone on. */
  clear: () => void;
}

const ToastContext = createContext<Toasts | undefined>(undefined);

export interface ToastProviderProps {
  children: ReactNode;
  /** How long a toast stays; 8 s by default, so that "Undo" can be reached. */
  durationMs?: number;
}

/** Holds the messages of the page and shows the last three. */
export function ToastProvider({ children, durationMs = 8_000 }: ToastProviderProps) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const count = useRef(0);

  const dismiss = useCallback((id: string) => {
    clearTimeout(timers.current.get(id));
    timers.current.delete(id);
    setToasts((now) => now.filter((toast) => toast.id !== id));
  }, []);

  const show = useCallback<Toasts["show"]>(
    ({ id = `toast-${(count.current += 1)}`, ...toast }) => {
      clearTimeout(timers.current.get(id));
      timers.current.set(
        id,
        setTimeout(() => dismiss(id), durationMs),
      );
      setToasts((now) => [...now.filter((each) => each.id !== id), { ...toast, id }].slice(-3));
      return id;
    },
    [dismiss, durationMs],
  );

  const clear = useCallback(() => {
    for (const id of timers.current.keys()) dismiss(id);
  }, [dismiss]);

  const hold = useCallback(
    (isHeld: boolean) => {
      for (const [id, timer] of timers.current) {
        clearTimeout(timer);
        if (!isHeld)
          timers.current.set(
            id,
            setTimeout(() => dismiss(id), durationMs),
          );
      }
    },
    [dismiss, durationMs],
  );

  useEffect(() => {
    const running = timers.current;
    return () => running.forEach((timer) => clearTimeout(timer));
  }, []);

  const value = useMemo(() => ({ show, dismiss, clear }), [show, dismiss, clear]);
  return (
    <ToastContext.Provider value={value}>
      {children}
      <ToastRegion toasts={toasts} onDismiss={dismiss} onHold={hold} />
    </ToastContext.Provider>
  );
}

const silent: Toasts = { show: () => "", dismiss: () => undefined, clear: () => undefined };

/** The messages of the nearest `ToastProvider`; outside of one, showing does nothing. */
export function useToasts(): Toasts {
  return useContext(ToastContext) ?? silent;
}
