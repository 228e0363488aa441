import {
  convertCssVariables,
  createTheme,
  defaultCssVariablesResolver,
  mergeMantineTheme,
  DEFAULT_THEME,
  type MantineColorsTuple,
} from '@mantine/core';
import { texts } from '../texts/texts.js';

const QUOTE = "'Source Serif 4 Variable', 'Source Serif 4', Georgia, serif";
const PLAIN = "'Inter Variable', Inter, system-ui, sans-serif";

/** Warm greys, as of paper and ink. */
const gray: MantineColorsTuple = [
  '#faf9f6',
  '#f3f1ec',
  '#e8e5de',
  '#d9d5cc',
  '#c2bdb2',
  '#938e84',
  '#67635b',
  '#4b4842',
  '#33312d',
  '#1d1c1a',
];
const dark: MantineColorsTuple = [
  '#e9e6df',
  '#c9c5bc',
  '#a7a297',
  '#77736a',
  '#46443f',
  '#383632',
  '#2a2926',
  '#1e1d1b',
  '#171615',
  '#0f0e0e',
];
/** Ink: what can be pressed. */
const ink: MantineColorsTuple = [
  '#eef4f8',
  '#dbe6ee',
  '#b4cbdb',
  '#8aafc7',
  '#6797b6',
  '#4c83a6',
  '#2f6c92',
  '#225a7e',
  '#1a4864',
  '#12344a',
];

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  colors: { gray, dark, ink },
  white: '#fffefb',
  black: '#1d1c1a',
  fontFamily: PLAIN,
  headings: { fontFamily: PLAIN, fontWeight: '620' },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    // What would add a <style> to the page to stop it from scrolling.
    Modal: {
      defaultProps: { lockScroll: false, radius: 'md', closeButtonProps: { 'aria-label': texts.close } },
      styles: { title: { fontWeight: 600, lineHeight: 1.3 } },
    },
    Drawer: { defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': texts.close } } },
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } }, // an element that a menu must not have (ARIA)
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
  },
});

/** Puts Mantine's variables into a constructed style sheet, which the Content-Security-Policy allows, where it allows no `<style>`. */
export function installTheme(): void {
  const variables = defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    convertCssVariables({
      variables: { ...variables.variables, '--quote-font': QUOTE, '--plain-font': PLAIN },
      light: {
        ...variables.light,
        '--mantine-color-dimmed': gray[6],
        '--mantine-color-error': '#b42318',
        '--mantine-color-placeholder': gray[6],
      },
      dark: {
        ...variables.dark,
        '--mantine-color-dimmed': dark[2],
        '--mantine-color-error': '#ff9f97',
        '--mantine-color-placeholder': dark[2],
        // Mantine's own are all but white: what can be pressed is to look so, and what takes away to warn, in the dark too.
        '--mantine-color-ink-light-color': ink[2],
        '--mantine-color-red-light-color': '#ff9f97',
      },
    }),
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
