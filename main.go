// ControlMap Connect for JumpCloud checks a JumpCloud API key, and keeps it in the system keychain.
//
// Built with the tag headless, it has no window: then it is a command for servers, and needs neither Fyne nor cgo.
package main

import (
	_ "embed"
	"os"

	"controlmap-jumpcloud/connector/keychain"
	"controlmap-jumpcloud/connector/secret"
	"controlmap-jumpcloud/gui/program"
	"controlmap-jumpcloud/gui/terminal"
)

//go:embed FyneApp.toml
var fyneApp string

func main() {
	secret.ProtectProcess()
	keychain.NoNewBus()
	out, errs := terminal.Console()
	os.Exit(program.Run(fyneApp, os.Args[1:], os.Stdin, out, errs))
}
