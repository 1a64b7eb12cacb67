//! Microsoft.

use super::*;

pub(super) const AZ: Tool = Tool {
    names: &["az", "azd"],
    service: "azure",
    options: WIDE,
    reach: by_names,
    rows: &[
        (
            "account get-access-token; keyvault secret show|download; ** list-keys|list-connection-strings|show-connection-string|list-secrets|regenerate; ** get-credentials --admin; ad sp create-for-rbac; \
          ** keys list|show|renew; ** credential list|reset; acr credential show; ** generate-sas; webapp deployment list-publishing-*; functionapp keys list; keyvault key download|decrypt",
            Does::Shows,
        ),
        (
            "login; logout; account set|clear; configure; config; extension; bicep build|lint|format|decompile; aks get-credentials; acr login; init; interactive; auth; env select|list|get-values",
            Does::Looks,
        ),
        (
            "** show|list|get|exists|check*|tail|logs|query|wait|what-if|validate|diff|list-*|show-*; version; find; repos list|show; repos pr list|show|checkout; monitor; provision --preview",
            READ,
        ),
        ("repos pr create", Does::Acts(C::Propose)),
        (
            "repos pr set-vote|update --status=completed; repos pr set-vote; repos pr update",
            Does::Acts(C::Merge),
        ),
        (
            "repos delete; group delete; ** purge; sql db|server|mi delete; storage account|container|blob|share delete; cosmosdb ** delete; cosmosdb delete; aks|vm|acr|keyvault|redis|postgres|mysql|webapp|functionapp|network|disk|snapshot ** delete; \
          ** delete-batch; storage blob delete-batch; down; vm deallocate --force",
            DESTROY,
        ),
        (
            "role assignment create|update; ad app|user|group|sp ** create|add|update; ad user|app|sp create|update; keyvault set-policy; ** firewall-rule create; network nsg rule create|update; ** policy assignment; storage container set-permission; account management-group",
            GRANT,
        ),
        (
            "vm run-command; container exec; webapp ssh|remote-connection create; aks command; ssh; containerapp exec; vm|vmss run-command invoke",
            Does::Runs,
        ),
        ("** delete|remove|stop|disable|cancel|detach|deallocate", DELETE),
        (
            "deployment; ** deploy|up|deployment|swap|publish|release; up; provision; deploy; webapp up; pipelines run; acr build",
            DEPLOY,
        ),
        ("boards work-item create|update; devops invoke", MESSAGE),
        ("** create|add|import|start|upload|upload-batch|copy", CREATE),
    ],
    otherwise: CHANGE,
};
