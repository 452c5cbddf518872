import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';
import controls from './controls.module.css';

/** Kept in step with web/public/colour-scheme.js, which reads it before the first paint. */
export const colourSchemeManager = localStorageColorSchemeManager({ key: 'counterfoil-colour-scheme' });

const sameEverywhere = (value: string) => Array.from({ length: 10 }, () => value) as unknown as MantineColorsTuple;

/** Buttons name a meaning, never a shade: the tokens decide what it looks like in light and dark. */
const variantColours: VariantColorsResolver = (input) => {
  const danger = input.color === 'red';
  const resolved = defaultVariantColorsResolver(input);
  switch (input.variant) {
    case 'filled':
      return danger
        ? {
            ...resolved,
            background: 'var(--cf-red-solid)',
            hover: 'var(--cf-red-solid-hover)',
            color: '#fff',
            border: '1px solid transparent',
          }
        : {
            ...resolved,
            background: 'var(--cf-accent)',
            hover: 'var(--cf-accent-hover)',
            color: 'var(--cf-accent-ink)',
            border: '1px solid transparent',
          };
    case 'light':
      return {
        ...resolved,
        background: danger ? 'var(--cf-red-soft)' : 'var(--cf-accent-soft)',
        hover: danger ? 'var(--cf-red-soft)' : 'var(--cf-accent-soft)',
        color: danger ? 'var(--cf-red)' : 'var(--cf-accent-text)',
        border: '1px solid transparent',
      };
    case 'default':
    case 'outline':
      return {
        ...resolved,
        background: 'var(--cf-raised)',
        hover: 'var(--cf-sunk)',
        color: danger ? 'var(--cf-red)' : 'var(--cf-ink)',
        border: '1px solid var(--cf-line-strong)',
      };
    case 'subtle':
    case 'transparent':
      return {
        ...resolved,
        background: 'transparent',
        hover: input.variant === 'subtle' ? 'var(--cf-hover)' : 'transparent',
        color: danger ? 'var(--cf-red)' : 'var(--cf-ink-2)',
        border: '1px solid transparent',
      };
    default:
      return resolved;
  }
};

interface Sized {
  size?: string | number;
}

/**
 * What a component is given unless told otherwise. Named here by its name only: importing the components to configure
 * them would put every one of them into the first load.
 */
function settings(of: { defaultProps?: object; classNames?: object; vars?: (theme: unknown, props: Sized) => object }) {
  return of;
}

const floating = { shadow: 'xl', radius: 'md' } as const;
/** The head of a dialog is no banner of the page, which is what a header element beside the page's own would be. */
const plainHeader = { header: { role: 'none' } };
const quick = { duration: 100, transition: 'fade' } as const;

export const theme = createTheme({
  fontFamily: 'var(--cf-font)',
  fontFamilyMonospace: 'var(--cf-font-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  shadows: {
    xs: 'none',
    sm: 'none',
    md: 'var(--cf-shadow-floating)',
    lg: 'var(--cf-shadow-floating)',
    xl: 'var(--cf-shadow-floating)',
  },
  headings: {
    fontFamily: 'var(--cf-font)',
    fontWeight: '600',
    textWrap: 'balance',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '15px', lineHeight: '24px' },
      h3: { fontSize: '14px', lineHeight: '20px' },
      h4: { fontSize: '13px', lineHeight: '20px' },
      h5: { fontSize: '13px', lineHeight: '20px' },
      h6: { fontSize: '12px', lineHeight: '16px' },
    },
  },
  colors: {
    accent: sameEverywhere('#3548cf'),
    red: sameEverywhere('#c4312b'),
  },
  primaryColor: 'accent',
  primaryShade: 6,
  variantColorResolver: variantColours,
  respectReducedMotion: true,
  cursorType: 'pointer',
  activeClassName: '',
  components: {
    Button: settings({
      defaultProps: { size: 'sm', variant: 'default' },
      classNames: { root: controls.button },
      vars: (_theme: unknown, props: Sized) => ({
        root: {
          '--button-height': `var(--cf-control-${props.size ?? 'sm'})`,
          '--button-fz': props.size === 'xs' ? '12px' : '13px',
        },
      }),
    }),
    ActionIcon: settings({
      defaultProps: { size: 'sm', variant: 'subtle' },
      vars: (_theme: unknown, props: Sized) => ({
        root:
          typeof props.size === 'string' && /^(xs|sm|md|lg)$/.test(props.size)
            ? { '--ai-size': `var(--cf-control-${props.size})` }
            : {},
      }),
    }),
    Input: settings({
      defaultProps: { size: 'sm' },
      classNames: { input: controls.input, section: controls.inputSection },
      vars: (_theme: unknown, props: Sized) => ({
        wrapper: { '--input-height': `var(--cf-control-${props.size ?? 'sm'})`, '--input-fz': 'var(--cf-input-size)' },
      }),
    }),
    InputWrapper: settings({
      defaultProps: { size: 'sm', inputWrapperOrder: ['label', 'input', 'description', 'error'] },
      classNames: {
        label: controls.label,
        description: controls.description,
        error: controls.error,
        required: controls.required,
      },
    }),
    Select: settings({
      defaultProps: {
        comboboxProps: { shadow: 'xl', transitionProps: quick },
        allowDeselect: false,
        checkIconPosition: 'right',
      },
    }),
    Checkbox: settings({
      defaultProps: { size: 'xs', radius: 'sm' },
      classNames: { input: controls.checkbox, label: controls.boxLabel },
    }),
    Switch: settings({
      defaultProps: { size: 'sm', withThumbIndicator: false },
      classNames: { label: controls.choiceLabel },
    }),
    SegmentedControl: settings({
      defaultProps: { size: 'xs', transitionDuration: 120 },
      classNames: { root: controls.segmented, label: controls.segmentedLabel, indicator: controls.segmentedIndicator },
    }),
    Menu: settings({
      defaultProps: {
        ...floating,
        transitionProps: quick,
        offset: 4,
        position: 'bottom-end',
        withInitialFocusPlaceholder: false,
        width: 216,
      },
      classNames: {
        dropdown: controls.menu,
        item: controls.menuItem,
        itemSection: controls.menuSection,
        label: controls.menuLabel,
        divider: controls.menuDivider,
      },
    }),
    Popover: settings({ defaultProps: { ...floating, transitionProps: quick, offset: 4 } }),
    Drawer: settings({ defaultProps: { attributes: plainHeader } }),
    Modal: settings({
      defaultProps: {
        attributes: plainHeader,
        radius: 'lg',
        shadow: 'xl',
        padding: 24,
        transitionProps: { duration: 120, transition: 'fade' },
      },
      classNames: {
        title: controls.dialogTitle,
        overlay: controls.veil,
        content: controls.dialog,
        header: controls.dialog,
      },
    }),
    Tooltip: settings({
      defaultProps: {
        openDelay: 350,
        transitionProps: quick,
        offset: 6,
        events: { hover: true, focus: true, touch: false },
      },
      classNames: { tooltip: controls.tooltip },
    }),
    Skeleton: settings({ defaultProps: { radius: 'sm' }, classNames: { root: controls.skeleton } }),
  },
});

/** Maps the names that Mantine's components read to our tokens; both colour schemes read the same names. */
export const cssVariables: CSSVariablesResolver = () => {
  const scheme = {
    '--mantine-color-body': 'var(--cf-page)',
    '--mantine-color-text': 'var(--cf-ink)',
    '--mantine-color-bright': 'var(--cf-ink)',
    '--mantine-color-dimmed': 'var(--cf-ink-3)',
    '--mantine-color-placeholder': 'var(--cf-ink-3)',
    '--mantine-color-anchor': 'var(--cf-accent-text)',
    '--mantine-color-error': 'var(--cf-red)',
    '--mantine-color-default': 'var(--cf-raised)',
    '--mantine-color-default-hover': 'var(--cf-hover)',
    '--mantine-color-default-color': 'var(--cf-ink)',
    '--mantine-color-default-border': 'var(--cf-line-strong)',
    '--mantine-color-disabled': 'var(--cf-sunk)',
    '--mantine-color-disabled-color': 'var(--cf-ink-3)',
    '--mantine-color-disabled-border': 'var(--cf-line)',
    '--mantine-color-accent-filled': 'var(--cf-accent)',
    '--mantine-color-accent-filled-hover': 'var(--cf-accent-hover)',
    '--mantine-color-accent-light': 'var(--cf-accent-soft)',
    '--mantine-color-accent-light-hover': 'var(--cf-accent-soft)',
    '--mantine-color-accent-light-color': 'var(--cf-accent-text)',
    '--mantine-color-accent-text': 'var(--cf-accent-text)',
    '--mantine-color-red-filled': 'var(--cf-red-solid)',
    '--mantine-color-red-text': 'var(--cf-red)',
    '--mantine-primary-color-filled': 'var(--cf-accent)',
    '--mantine-primary-color-filled-hover': 'var(--cf-accent-hover)',
    '--mantine-primary-color-light': 'var(--cf-accent-soft)',
    '--mantine-primary-color-light-color': 'var(--cf-accent-text)',
  };
  return { variables: {}, light: scheme, dark: scheme };
};
