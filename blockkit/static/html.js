// Preact with htm: the one place where the page's view library is named.
import { createContext, h, render } from "./vendor/preact.js";
import {
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "./vendor/hooks.js";
import htm from "./vendor/htm.js";

export const html = htm.bind(h);
export {
  createContext,
  render,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
};
