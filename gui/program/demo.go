//go:build !headless

package program

import (
	"fmt"
	"os"
	"os/exec"

	"controlmap-jumpcloud/connector/jumpcloud/jumpcloudtest"
	"controlmap-jumpcloud/gui"
)

// samples lists the simulator's keys that the demo offers.
var samples = []gui.Sample{
	{Name: "good", Key: jumpcloudtest.SampleKey},
	{Name: "many", Key: jumpcloudtest.SampleMultiTenantKey},
	{Name: "administrator", Key: jumpcloudtest.SampleAdministratorKey},
	{Name: "partly", Key: jumpcloudtest.SamplePartlyKey},
	{Name: "ending", Key: jumpcloudtest.SampleEndingKey},
	{Name: "service", Key: jumpcloudtest.SampleServiceKey, Organization: jumpcloudtest.OrganizationID(1)},
	{Name: "revoked", Key: jumpcloudtest.SampleRevokedKey},
	{Name: "command_runner", Key: jumpcloudtest.SampleCommandRunnerKey},
	{Name: "portal", Key: jumpcloudtest.SamplePortalKey},
	{Name: "limited", Key: jumpcloudtest.SampleLimitedKey},
}

// demoCommand returns the command that starts the program as the demo. The two processes share nothing.
func demoCommand(environment []string) (*exec.Cmd, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program's own file: %w", err)
	}
	demo := exec.Command(program, "--demo")
	demo.Env = environment
	return demo, nil
}

// openDemo starts the demo.
func openDemo(environment []string) error {
	demo, err := demoCommand(environment)
	if err != nil {
		return err
	}
	if err := demo.Start(); err != nil {
		return fmt.Errorf("start the demo: %w", err)
	}
	go func() { _ = demo.Wait() }() // otherwise it would stay a zombie after its end
	return nil
}
