// The product whose versions and policies the canvas shows, kept in the address so that a reload shows it again.
import { useEffect, useState } from "react";

const PARAMETER = "product";

/** `saved` changes with each save, which writes the flow's plain address: the product then stands in it again. */
export function useProduct(initial: string, saved: unknown): [string, (product: string) => void] {
  const [product, setProduct] = useState(initial);
  useEffect(() => {
    const url = new URL(window.location.href);
    if (product === "") url.searchParams.delete(PARAMETER);
    else url.searchParams.set(PARAMETER, product);
    if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url);
  }, [product, saved]);
  return [product, setProduct];
}
