// Order matters: the library's styles stand in a cascade layer, ours outside any layer, so ours win.
import '@mantine/core/styles.layer.css';
import '@mantine/dates/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '../ui/tokens.css';
