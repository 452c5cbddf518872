/** How long templates may be, in characters. Apart from the engine, so that screens know it without loading one. */
export const SUBJECT_TEMPLATE_MAX = 300;
export const BODY_TEMPLATE_MAX = 10_000;
