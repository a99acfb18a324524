// Preact with htm: the one place where the page's view library is named.
import { Component, createContext, h, render } from "./vendor/preact.js";
import {
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "./vendor/hooks.js";
import htm from "./vendor/htm.js";

export const html = htm.bind(h);

// A component that is drawn again only where `same(before, after)` says of its properties that they
// are not the same.
export function memo(Drawn, same) {
  return class extends Component {
    shouldComponentUpdate(next) {
      return !same(this.props, next);
    }

    render(properties) {
      return h(Drawn, properties);
    }
  };
}

export {
  createContext,
  render,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
};
