package program

import (
	"os"
	"path/filepath"
	"runtime"

	"controlmap-jumpcloud/connector"
	"controlmap-jumpcloud/connector/jumpcloud"
	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/gui/terminal"
)

// newConnector makes a Connector for the JumpCloud and the keychain that the flags name.
func newConnector(m metadata, f terminal.Flags, options ...connector.Option) *connector.Connector {
	options = append(options, connector.WithUserAgent(command+"/"+m.Version))
	if f.JumpCloud != "" {
		options = append(options, connector.WithRegions(customRegion(f.JumpCloud)))
	}
	if f.Keychain == "memory" {
		return connector.New(keychain.New(keychain.Memory(), m.ID), options...)
	}
	if folder, err := cacheFolder(m); err == nil {
		options = append(options, connector.WithFileLock(keychain.NewFileLock(filepath.Join(folder, "lock"))))
	}
	if folder, err := historyFolder(m); err == nil {
		options = append(options, connector.WithHistory(folder))
	}
	return connector.New(keychain.New(keychain.System(), m.ID), options...)
}

// customRegion returns the region for an address in place of JumpCloud's regions. Its id has the host, so that a connection that was
// made with one address is never checked at another.
func customRegion(address string) jumpcloud.Region {
	u, err := jumpcloud.ParseBaseURL(address)
	if err != nil {
		return jumpcloud.Region{ID: "at:", Console: address} // cannot happen: the flag was checked
	}
	return jumpcloud.Region{ID: "at:" + u.Host, Console: u.String()}
}

// cacheFolder returns the folder for the locks and the crash reports.
func cacheFolder(m metadata) (string, error) {
	caches, err := os.UserCacheDir()
	return filepath.Join(caches, m.ID), err
}

// historyFolder returns the folder for the history of the connections. On Windows it is one that stays on this computer, as the key to it
// does: what is in os.UserConfigDir may follow the user to others.
func historyFolder(m metadata) (string, error) {
	folder := os.UserConfigDir
	if runtime.GOOS == "windows" {
		folder = os.UserCacheDir // %LocalAppData%, which nobody empties
	}
	settings, err := folder()
	return filepath.Join(settings, m.ID, "history"), err
}
