import { useWorkspace } from '../app/workspace-context.ts';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { MailNow } from './mail-now.tsx';
import { useMailSettings } from './mail-queries.ts';
import { MailServerForm } from './mail-server-form.tsx';
import { MailTabs } from './mail-tabs.tsx';
import { MailTest } from './mail-test.tsx';
import { MailWishes } from './mail-wishes.tsx';

/** Settings → Mail: whether mail goes out, through whom, and what is sent by itself. */
export function MailPage() {
  const { workspace, user } = useWorkspace();
  const mayWrite = useMay()('settings.write');
  return (
    <>
      <MailTabs />
      <SettingsQuery query={useMailSettings()} what="The settings of mail">
        {({ value: mail, etag }) => (
          <>
            <MailNow mail={mail} />
            <MailServerForm key={`server ${mail.version}`} mail={mail} etag={etag} mayWrite={mayWrite} />
            {mayWrite && <MailTest mail={mail} ownAddress={user.email} />}
            <MailWishes
              key={`wishes ${mail.version}`}
              mail={mail}
              etag={etag}
              mayWrite={mayWrite}
              isSandbox={workspace.mode === 'sandbox'}
            />
          </>
        )}
      </SettingsQuery>
    </>
  );
}
