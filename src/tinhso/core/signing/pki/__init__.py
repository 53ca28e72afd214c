"""A DEMONSTRATION certificate authority: root, official-duty authority, signers, OCSP and time stamps.

It stands in for the Government's authority so that a province can be tried on one machine. Its keys are
made on first use under the secrets folder and never leave it. Nothing it signs has legal force.
"""
